using SeqCore.Kernels;

namespace SeqCore;

// Indices are int32, as wide as float32. To move them, by a view and a copy, a tensor over their memory serves: a copy moves
// bits, whatever number they would be. No arithmetic may touch such a tensor.
public sealed partial class Tensor
{
    /// <summary>The memory, for whoever adds a reference.</summary>
    internal DeviceBuffer Memory => buffer;

    /// <summary>A tensor over memory that holds something else, from its first element on; it adds a reference.</summary>
    internal static Tensor OfBits(DeviceBuffer memory, Shape shape)
    {
        memory.AddReference();
        return new Tensor(memory, 0, shape, Layout.Contiguous(shape.Sizes));
    }
}
