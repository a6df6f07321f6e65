using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cumulative;

/// <summary>The sums of a row up to each element, in double.</summary>
internal readonly unsafe struct CumulativeSumRow(float* x, float* y, int columns, bool reverse, bool exclusive) : ICpuKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row)
    {
        nint step = reverse ? -1 : 1, at = (nint)row * columns + (reverse ? columns - 1 : 0);
        var sum = 0.0;
        for (var i = 0; i < columns; i++, at += step)
        {
            var next = sum + x[at];
            y[at] = (float)(exclusive ? sum : next);
            sum = next;
        }
    }
}

/// <summary>The products of a row up to each element, in double.</summary>
internal readonly unsafe struct CumulativeProductRow(float* x, float* y, int columns, bool reverse, bool exclusive) : ICpuKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row)
    {
        nint step = reverse ? -1 : 1, at = (nint)row * columns + (reverse ? columns - 1 : 0);
        var product = 1.0;
        for (var i = 0; i < columns; i++, at += step)
        {
            var next = product * x[at];
            y[at] = (float)(exclusive ? product : next);
            product = next;
        }
    }
}

/// <summary>
/// The gradient of the products of a row: first the products before each element, then, in the other direction, the sums that
/// they are multiplied by.
/// </summary>
internal readonly unsafe struct CumulativeProductGradientRow(float* x, float* dY, float* dX, int columns, bool reverse,
    bool exclusive, CumulativeProductRow products) : ICpuKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row)
    {
        products.Run(row);
        nint step = reverse ? -1 : 1, at = (nint)row * columns + (reverse ? columns - 1 : 0);
        var sum = 0.0;
        for (var i = 0; i < columns; i++, at += step)
        {
            // The sum for this element; what is passed on has this element as a factor.
            double own = dY[at], s = exclusive ? sum : own + sum;
            sum = exclusive ? own + x[at] * sum : x[at] * s;
            dX[at] = (float)(dX[at] * s);
        }
    }
}
