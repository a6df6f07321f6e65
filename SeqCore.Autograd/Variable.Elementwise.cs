using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>y = f(x) for each element, for any operation that knows its derivative, a caller's own included.</summary>
    /// <param name="operation">The formula and its derivative.</param>
    /// <param name="name">What errors call it; the operation's type if null.</param>
    public Variable Map<TOperation>(TOperation operation, string? name = null) where TOperation : struct, IUnaryOperation =>
        new UnaryFunction<TOperation>(this, operation, name).Apply();

    /// <summary>z = f(x, y) for each pair of elements, broadcast, for any operation that knows its derivatives.</summary>
    /// <param name="operation">The formula and its derivatives.</param>
    /// <param name="x">The left operand.</param>
    /// <param name="y">The right operand.</param>
    /// <param name="name">What errors call it; the operation's type if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Map<TOperation>(TOperation operation, Variable x, Variable y, string? name = null)
        where TOperation : struct, IBinaryOperation =>
        new BinaryFunction<TOperation>(x, y, operation, name).Apply();

    /// <summary>x where the mask is true, else y; all broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Variable Where(BoolTensor mask, Variable x, Variable y) => new WhereFunction(mask, x, y).Apply();

    /// <summary>The value where the mask is true, else the element as it is; the mask is broadcast.</summary>
    /// <exception cref="ShapeException">The mask does not broadcast to this shape.</exception>
    public Variable MaskedFill(BoolTensor mask, float value) => new MaskedFillFunction(mask, value, this).Apply();
}
