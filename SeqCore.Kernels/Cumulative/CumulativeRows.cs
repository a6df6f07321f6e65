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

/// <summary>The products of a row up to each element, in double, with an exponent beside them.</summary>
internal readonly unsafe struct CumulativeProductRow(float* x, float* y, int columns, bool reverse, bool exclusive) : ICpuKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row)
    {
        nint step = reverse ? -1 : 1, at = (nint)row * columns + (reverse ? columns - 1 : 0);
        var product = ScaledDouble.One;
        for (var i = 0; i < columns; i++, at += step)
        {
            var next = product * x[at];
            y[at] = (exclusive ? product : next).Value;
            product = next;
        }
    }
}

/// <summary>
/// The gradient of the products of a row: first the products before each element, then, in the other direction, the sums that
/// they are multiplied by.
/// </summary>
internal readonly unsafe struct CumulativeProductGradientRow(CpuBackend backend, float* x, float* dY, float* dX, int columns,
    bool reverse, bool exclusive) : ICpuKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int row)
    {
        using var memory = backend.Take((long)columns * sizeof(ScaledDouble));
        var products = (ScaledDouble*)memory.Pointer;
        nint step = reverse ? -1 : 1, at = (nint)row * columns + (reverse ? columns - 1 : 0);
        var product = ScaledDouble.One;
        for (var i = 0; i < columns; i++, at += step)
        {
            products[i] = product;
            product *= x[at];
        }

        var sum = new ScaledDouble(0);
        for (var i = columns - 1; i >= 0; i--)
        {
            at -= step;

            // The sum for this element; what is passed on has this element as a factor.
            ScaledDouble own = new(dY[at]), s = exclusive ? sum : own + sum;
            sum = exclusive ? own + sum * x[at] : s * x[at];
            dX[at] = (products[i] * s).Value;
        }
    }
}
