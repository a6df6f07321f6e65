using SeqCore.Kernels;

namespace SeqCore;

// Indices are int32, as wide as float32. A tensor over their memory lets views and copies move them: a copy moves bits,
// whatever numbers they would be. No arithmetic may use such a tensor.
public sealed partial class Tensor
{
    /// <summary>The memory, for code that adds a reference to it.</summary>
    internal DeviceBuffer Memory => buffer;

    /// <summary>Makes a tensor over memory that holds another type, from its first element on; it adds a reference.</summary>
    internal static Tensor OfBits(DeviceBuffer memory, Shape shape)
    {
        memory.AddReference();
        return new Tensor(memory, 0, shape, Layout.Contiguous(shape.Sizes));
    }
}
