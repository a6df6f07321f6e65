using SeqCore.Kernels;

namespace SeqCore.Tensors;

// Any formula over lanes can be mapped over a tensor; the named methods are those that the kernels define.
public sealed partial class Tensor
{
    /// <summary>y = f(x) for each element, for any operation, a caller's own included. One pass, one new tensor.</summary>
    public Tensor Map<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation
    {
        var result = Uninitialized(Shape, Backend);
        Backend.Unary(operation, Strided, result.Strided);
        return result;
    }

    /// <summary>z = f(x, y) for each pair of elements, broadcast as NumPy does, for any operation. One pass, one new tensor.</summary>
    /// <param name="operation">The formula.</param>
    /// <param name="x">The left operand.</param>
    /// <param name="y">The right operand.</param>
    /// <param name="name">What errors call it; the operation's type if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Map<TOperation>(TOperation operation, Tensor x, Tensor y, string? name = null) where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        SameDevice(name ?? typeof(TOperation).Name, x, y);
        var shape = Shape.Broadcast(x.Shape, y.Shape, name ?? typeof(TOperation).Name);
        var result = Uninitialized(shape, x.Backend);
        x.Backend.Binary(operation, x.StridedAs(shape), y.StridedAs(shape), result.Strided);
        return result;
    }
}
