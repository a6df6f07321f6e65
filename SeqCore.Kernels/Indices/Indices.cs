namespace SeqCore.Kernels;

/// <summary>The comparison of two indices.</summary>
public enum IndexComparison
{
    /// <summary>x = y</summary>
    Equal,

    /// <summary>x &lt; y</summary>
    Less,

    /// <summary>x &lt;= y</summary>
    LessOrEqual,
}

/// <summary>The arithmetic of two indices; results wrap around beyond int32.</summary>
public enum IndexArithmetic
{
    /// <summary>x + y</summary>
    Add,

    /// <summary>x - y</summary>
    Subtract,

    /// <summary>x y</summary>
    Multiply,

    /// <summary>The smaller of x and y</summary>
    Minimum,

    /// <summary>The larger of x and y</summary>
    Maximum,

    /// <summary>x / y, rounded towards 0, as in C#</summary>
    Divide,

    /// <summary>x - y (x / y) with the quotient rounded towards 0: the sign is that of x, as in C#</summary>
    Modulo,

    /// <summary>x / y, rounded down, as Python's <c>//</c></summary>
    FloorDivide,

    /// <summary>x - y floor(x / y): the sign is that of y, as Python's <c>%</c></summary>
    Remainder,
}

public abstract partial class Backend
{
    /// <summary>
    /// result_i is computed from x_i and y_i, exactly, modulo 2^32 where it exceeds int32; either operand may be one element,
    /// which serves for all i. A GPU reports a division by 0 at the next read of a value, and leaves the result 0.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="x">The first operands, shape (n) or (1).</param>
    /// <param name="y">The second operands, shape (n) or (1).</param>
    /// <param name="result">Output: the results, shape (n).</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="DivideByZeroException">A divisor is 0.</exception>
    public void ComputeIndices(IndexArithmetic operation, DeviceSpan<int> x, DeviceSpan<int> y, DeviceSpan<int> result)
    {
        CheckComputeIndices(x, y, result);
        RunComputeIndices(operation, x, y, result);
        KeepAlive((x, y, result));
    }

    /// <summary>
    /// result_i = x_i, rounded towards 0. A GPU reports an element that int32 does not have at the next read of a value, and
    /// leaves the result 0.
    /// </summary>
    /// <param name="x">The floats, shape (n).</param>
    /// <param name="result">Output: the indices, shape (n).</param>
    /// <exception cref="ArgumentException">An element is NaN, infinite or out of range, or the lengths differ.</exception>
    public void FloatsToIndices(DeviceSpan<float> x, DeviceSpan<int> result)
    {
        Operands.CheckLength(nameof(FloatsToIndices), nameof(result), result.Length, x.Length);
        RunFloatsToIndices(x, result);
        KeepAlive((x, result));
    }

    /// <summary>result_i = 1 where the comparison of x_i and y_i holds, else 0; exact over the whole range of int32.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="x">The first operands, shape (n).</param>
    /// <param name="y">The second operands, shape (n).</param>
    /// <param name="result">Output: the results, shape (n).</param>
    /// <exception cref="ArgumentException">The three do not have the same length.</exception>
    public void CompareIndices(IndexComparison comparison, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<float> result)
    {
        CheckCompareIndices(x, y, result);
        RunCompareIndices(comparison, x, y, result);
        KeepAlive((x, y, result));
    }

    /// <summary>result_i = x_i as a float, rounded to the nearest: exact up to 2^24.</summary>
    /// <param name="x">The indices, shape (n).</param>
    /// <param name="result">Output: the floats, shape (n).</param>
    /// <exception cref="ArgumentException">The two do not have the same length.</exception>
    public void IndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result)
    {
        CheckIndicesToFloats(x, result);
        RunIndicesToFloats(x, result);
        KeepAlive((x, result));
    }

    private protected static void CheckIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result) =>
        Operands.CheckLength(nameof(IndicesToFloats), nameof(result), result.Length, x.Length);

    private protected static void CheckCompareIndices(DeviceSpan<int> x, DeviceSpan<int> y, DeviceSpan<float> result)
    {
        Operands.CheckLength(nameof(CompareIndices), nameof(y), y.Length, x.Length);
        Operands.CheckLength(nameof(CompareIndices), nameof(result), result.Length, x.Length);
    }

    private protected abstract void RunCompareIndices(IndexComparison comparison, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<float> result);

    private protected static void CheckComputeIndices(DeviceSpan<int> x, DeviceSpan<int> y, DeviceSpan<int> result)
    {
        if (x.Length != 1)
            Operands.CheckLength(nameof(ComputeIndices), nameof(x), x.Length, result.Length);
        if (y.Length != 1)
            Operands.CheckLength(nameof(ComputeIndices), nameof(y), y.Length, result.Length);
    }

    private protected static string DivisionByZero(IndexArithmetic operation, int position) =>
        $"{operation}: element {position} of the divisor is 0.";

    private protected static string NoIndex(int position, float value) =>
        FormattableString.Invariant($"ToIndex: element {position} is {value}, which int32 does not have.");

    private protected abstract void RunIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result);

    private protected abstract void RunFloatsToIndices(DeviceSpan<float> x, DeviceSpan<int> result);

    private protected abstract void RunComputeIndices(IndexArithmetic operation, DeviceSpan<int> x, DeviceSpan<int> y,
        DeviceSpan<int> result);
}
