using SeqCore.Kernels.Reduction;

namespace SeqCore.Kernels;

/// <summary>Specifies how the elements along the reduced axes are combined.</summary>
public enum ReductionKind
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The maximum; NaN if any element is.</summary>
    Max,

    /// <summary>The minimum; NaN if any element is.</summary>
    Min,

    /// <summary>log sum e^x, without overflow.</summary>
    LogSumExp,

    /// <summary>The sum of squares.</summary>
    SumOfSquares,

    /// <summary>The product.</summary>
    Product,
}

public abstract partial class Backend
{
    /// <summary>
    /// Reduces the axes that have size 1 in <paramref name="y"/> and any size in <paramref name="x"/>; other sizes are equal.
    /// Sums are computed in blocks whose totals include the rounding errors, so that long sums keep their accuracy. Their order
    /// depends on the sizes, the strides and the width of the vectors, never on the number of threads. Products carry an exponent
    /// along, so that they may leave the range of floats and return. y must not overlap x.
    /// </summary>
    /// <exception cref="ArgumentException">Max or Min over no elements, or sizes that do not agree.</exception>
    public void Reduce(ReductionKind kind, in StridedSpan x, in StridedSpan y)
    {
        ReductionChecks.Reduce(kind, x, y);
        RunReduce(kind, x, y);
        KeepAlive((x.Data, y.Data));
    }

    /// <summary>
    /// Writes the index of the largest element along one axis (the first or the last of equal elements; NaN counts as the
    /// largest).
    /// </summary>
    /// <param name="x">The values.</param>
    /// <param name="axis">The axis that is searched.</param>
    /// <param name="indices">Output: the indices, contiguous, with the sizes of x without that axis.</param>
    /// <param name="last">Whether the last of equal elements counts rather than the first.</param>
    public void ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices, bool last = false)
    {
        RunArgMax(x, axis, indices, last);
        KeepAlive((x.Data, indices));
    }

    private protected abstract void RunReduce(ReductionKind kind, in StridedSpan x, in StridedSpan y);

    private protected abstract void RunArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices, bool last);
}
