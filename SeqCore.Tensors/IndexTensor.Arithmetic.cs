using SeqCore.Kernels;

namespace SeqCore;

// Exact arithmetic; a result that int32 does not have wraps around, as unchecked arithmetic in C#. A division by 0 is an error; a
// GPU reports it at the next read of a value.
public sealed partial class IndexTensor
{
    /// <summary>Adds x and y, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor operator +(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Add, x, y);

    /// <summary>Adds x and y, where y is a number.</summary>
    public static IndexTensor operator +(IndexTensor x, int y) => Compute(IndexArithmetic.Add, x, y);

    /// <summary>Adds x and y, where x is a number.</summary>
    public static IndexTensor operator +(int x, IndexTensor y) => Compute(IndexArithmetic.Add, x, y);

    /// <summary>Subtracts y from x, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor operator -(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Subtract, x, y);

    /// <summary>Subtracts y from x, where y is a number.</summary>
    public static IndexTensor operator -(IndexTensor x, int y) => Compute(IndexArithmetic.Subtract, x, y);

    /// <summary>Subtracts y from x, where x is a number.</summary>
    public static IndexTensor operator -(int x, IndexTensor y) => Compute(IndexArithmetic.Subtract, x, y);

    /// <summary>Multiplies x and y, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor operator *(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Multiply, x, y);

    /// <summary>Multiplies x and y, where y is a number.</summary>
    public static IndexTensor operator *(IndexTensor x, int y) => Compute(IndexArithmetic.Multiply, x, y);

    /// <summary>Multiplies x and y, where x is a number.</summary>
    public static IndexTensor operator *(int x, IndexTensor y) => Compute(IndexArithmetic.Multiply, x, y);

    /// <summary>
    /// Divides x by y and rounds towards 0, as in C#, with broadcasting; <see cref="FloorDivide(IndexTensor, IndexTensor)"/>
    /// rounds down.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator /(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Divide, x, y);

    /// <summary>Divides x by y and rounds towards 0, as in C#, where y is a number.</summary>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator /(IndexTensor x, int y) => Compute(IndexArithmetic.Divide, x, y);

    /// <summary>Divides x by y and rounds towards 0, as in C#, where x is a number.</summary>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator /(int x, IndexTensor y) => Compute(IndexArithmetic.Divide, x, y);

    /// <summary>
    /// Computes the remainder of x / y rounded towards 0: the sign is that of x, as in C#, with broadcasting;
    /// <see cref="Remainder(IndexTensor, IndexTensor)"/> has that of y.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator %(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Modulo, x, y);

    /// <summary>
    /// Computes the remainder of x / y rounded towards 0: the sign is that of x, as in C#, where y is a number.
    /// </summary>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator %(IndexTensor x, int y) => Compute(IndexArithmetic.Modulo, x, y);

    /// <summary>
    /// Computes the remainder of x / y rounded towards 0: the sign is that of x, as in C#, where x is a number.
    /// </summary>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor operator %(int x, IndexTensor y) => Compute(IndexArithmetic.Modulo, x, y);

    /// <summary>Negates each index: -x.</summary>
    public static IndexTensor operator -(IndexTensor x) => 0 - x;

    /// <summary>Divides x by y and rounds down, as Python's <c>//</c>, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor FloorDivide(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.FloorDivide, x, y);

    /// <summary>Computes floor(x / y) for each index x: <see cref="FloorDivide(IndexTensor, IndexTensor)"/>.</summary>
    public IndexTensor FloorDivide(IndexTensor y) => FloorDivide(this, y);

    /// <summary>Divides each index by a number and rounds down, as Python's <c>//</c>.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public IndexTensor FloorDivide(int y) => Compute(IndexArithmetic.FloorDivide, this, y);

    /// <summary>
    /// Computes x - y floor(x / y), whose sign is that of y, as in Python and torch.remainder, with broadcasting.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public static IndexTensor Remainder(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Remainder, x, y);

    /// <summary>Computes x - y floor(x / y) for each index x: <see cref="Remainder(IndexTensor, IndexTensor)"/>.</summary>
    public IndexTensor Remainder(IndexTensor y) => Remainder(this, y);

    /// <summary>
    /// Computes x - y floor(x / y) for each index x and a number y, whose sign the result has: for y above 0 it is in [0, y).
    /// </summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public IndexTensor Remainder(int y) => Compute(IndexArithmetic.Remainder, this, y);

    /// <summary>Returns the smaller of x and y for each pair of indices, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor Minimum(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Minimum, x, y);

    /// <summary>Returns the smaller of each index and that of y: <see cref="Minimum(IndexTensor, IndexTensor)"/>.</summary>
    public IndexTensor Minimum(IndexTensor y) => Minimum(this, y);

    /// <summary>Returns the larger of x and y for each pair of indices, with broadcasting.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor Maximum(IndexTensor x, IndexTensor y) => Compute(IndexArithmetic.Maximum, x, y);

    /// <summary>Returns the larger of each index and that of y: <see cref="Maximum(IndexTensor, IndexTensor)"/>.</summary>
    public IndexTensor Maximum(IndexTensor y) => Maximum(this, y);

    /// <summary>Clamps each index to [low, high].</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public IndexTensor Clamp(int low, int high)
    {
        if (low > high)
            throw new ArgumentException($"Clamp: low should not be above high; got {low} and {high}.");
        using var raised = Compute(IndexArithmetic.Maximum, this, low);
        return Compute(IndexArithmetic.Minimum, raised, high);
    }

    /// <summary>Returns x where the mask is true, else y; all three are broadcast.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static IndexTensor Where(BoolTensor mask, IndexTensor x, IndexTensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using Tensor bitsX = x.Bits(), bitsY = y.Bits();
        using var chosen = Tensor.Where(mask, bitsX, bitsY);
        return OfBits(chosen);
    }

    /// <summary>Returns the indices with a number where the mask, which is broadcast, is true.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public IndexTensor MaskedFill(BoolTensor mask, int value)
    {
        using var number = FromSpan([value], Shape.Scalar, Backend);
        return Where(mask, number, this);
    }

    private static IndexTensor Compute(IndexArithmetic operation, IndexTensor x, int y)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var number = FromSpan([y], Shape.Scalar, x.Backend);
        return Compute(operation, x, number);
    }

    private static IndexTensor Compute(IndexArithmetic operation, int x, IndexTensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        using var number = FromSpan([x], Shape.Scalar, y.Backend);
        return Compute(operation, number, y);
    }

    private static IndexTensor Compute(IndexArithmetic operation, IndexTensor x, IndexTensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        Tensor.SameDevice(operation.ToString(), x.Backend, y.Backend);
        var shape = Shape.Broadcast(x.Shape, y.Shape, operation.ToString());
        using var spreadX = x.ElementCount == 1 ? null : x.Spread(shape);
        using var spreadY = y.ElementCount == 1 ? null : y.Spread(shape);
        var result = Uninitialized(shape, x.Backend);
        try
        {
            x.Backend.ComputeIndices(operation, (spreadX ?? x).Span, (spreadY ?? y).Span, result.Span);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }
}
