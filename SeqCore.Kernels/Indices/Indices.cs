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

public abstract partial class Backend
{
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

    private protected abstract void RunIndicesToFloats(DeviceSpan<int> x, DeviceSpan<float> result);
}
