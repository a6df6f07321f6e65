using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>Computes y = f(x) for each element, for any operation with a derivative, including a caller's own.</summary>
    /// <param name="operation">The operation, which holds the formula and its derivative.</param>
    /// <param name="name">The name of the operation in errors; null for the name of its type.</param>
    public Variable Map<TOperation>(TOperation operation, string? name = null) where TOperation : struct, IUnaryOperation =>
        new UnaryFunction<TOperation>(this, operation, name).Apply();

    /// <summary>Computes z = f(x, y) for each pair of elements, broadcast, for any operation with derivatives.</summary>
    /// <param name="operation">The operation, which holds the formula and its derivatives.</param>
    /// <param name="x">The left operand.</param>
    /// <param name="y">The right operand.</param>
    /// <param name="name">The name of the operation in errors; null for the name of its type.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Map<TOperation>(TOperation operation, Variable x, Variable y, string? name = null)
        where TOperation : struct, IBinaryOperation =>
        new BinaryFunction<TOperation>(x, y, operation, name).Apply();

    /// <summary>Returns x where the mask is true, else y; all are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Where(BoolTensor mask, Variable x, Variable y) => new WhereFunction(mask, x, y).Apply();

    /// <summary>Returns x where the mask is true, else a number; mask and x are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Where(BoolTensor mask, Variable x, float y)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Where(mask, x, Tensor.Full(Shape.Scalar, y, x.Value.Backend));
    }

    /// <summary>Returns a number where the mask is true, else y; mask and y are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Where(BoolTensor mask, float x, Variable y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Where(mask, Tensor.Full(Shape.Scalar, x, y.Value.Backend), y);
    }

    /// <summary>Returns the value where the mask is true, else the element itself; the mask is broadcast.</summary>
    /// <exception cref="ShapeException">The mask does not broadcast to this shape.</exception>
    public Variable MaskedFill(BoolTensor mask, float value) => new MaskedFillFunction(mask, value, this).Apply();
}
