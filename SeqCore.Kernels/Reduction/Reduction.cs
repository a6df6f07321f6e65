namespace SeqCore.Kernels;

/// <summary>How the elements along the reduced axes become one.</summary>
public enum ReductionKind
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their sum over their number.</summary>
    Mean,

    /// <summary>The greatest; NaN if any is.</summary>
    Max,

    /// <summary>The least; NaN if any is.</summary>
    Min,

    /// <summary>log sum e^x, without overflow.</summary>
    LogSumExp,

    /// <summary>The sum of their squares.</summary>
    SumOfSquares,
}

public abstract partial class Backend
{
    /// <summary>
    /// Reduces the axes that have size 1 in <paramref name="y"/> and any size in <paramref name="x"/>; other sizes agree.
    /// Sums are formed in blocks whose totals carry the rounding errors along, so that long ones keep their accuracy. Their order
    /// follows from the sizes, the strides and the width of the vectors, never from the number of threads. y must not overlap x.
    /// </summary>
    /// <exception cref="ArgumentException">Max or Min over no elements, or sizes that do not agree.</exception>
    public void Reduce(ReductionKind kind, in StridedSpan x, in StridedSpan y)
    {
        ReductionChecks.Reduce(kind, x, y);
        RunReduce(kind, x, y);
        KeepAlive((x.Data, y.Data));
    }

    /// <summary>The index of the greatest element along one axis (the first of equals; NaN counts as greatest).</summary>
    /// <param name="x">The values.</param>
    /// <param name="axis">The axis searched.</param>
    /// <param name="indices">Contiguous, with the sizes of x less that axis.</param>
    public void ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices)
    {
        RunArgMax(x, axis, indices);
        KeepAlive((x.Data, indices));
    }

    private protected abstract void RunReduce(ReductionKind kind, in StridedSpan x, in StridedSpan y);

    private protected abstract void RunArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices);
}
