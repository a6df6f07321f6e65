using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Gradients of root-mean-square normalisation over a block of rows. With n = x rstd and g = dY w:
/// dX = rstd (g - n mean(g n)) + dSum, and dWeight += dY n for the block.
/// </summary>
internal unsafe struct RmsNormGradientKernel : IRowGradientKernel
{
    internal float* X;
    internal float* Weight;
    internal float* Rstd;
    internal float* DY;
    internal float* DSum;
    internal float* DX;
    internal float* DWeight;
    internal int Columns;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    public static int VectorCount => 1;

    public void SumInto(float* sums) => DWeight = sums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            Row<T>(X + (long)r * Columns, DY + (long)r * Columns, DSum == null ? null : DSum + (long)r * Columns,
                DX + (long)r * Columns, Rstd[r]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<T>(float* x, float* dY, float* dSum, float* dX, float rstd) where T : struct, IVectorLane<T>
    {
        T s = T.Constant(rstd), one = T.Constant(1f), zero = T.Constant(0f), vGn = zero;
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
        {
            var dYn = T.Load(dY + i) * (T.Load(x + i) * s);
            vGn = T.MultiplyAdd(dYn, Weight == null ? one : T.Load(Weight + i), vGn);
            if (DWeight != null)
                T.Store(T.Load(DWeight + i) + dYn, DWeight + i);
        }

        var sumGn = T.Sum(vGn);
        for (; i < Columns; i++)
        {
            var dYn = dY[i] * (x[i] * rstd);
            sumGn += dYn * (Weight == null ? 1f : Weight[i]);
            if (DWeight != null)
                DWeight[i] += dYn;
        }

        var meanGn = sumGn / Columns;
        var m = T.Constant(meanGn);
        for (i = 0; i <= Columns - T.Count; i += T.Count)
        {
            var g = T.Load(dY + i) * (Weight == null ? one : T.Load(Weight + i));
            T.Store(T.MultiplyAdd(s, g - T.Load(x + i) * s * m, dSum == null ? zero : T.Load(dSum + i)), dX + i);
        }

        for (; i < Columns; i++)
        {
            var g = dY[i] * (Weight == null ? 1f : Weight[i]);
            dX[i] = rstd * (g - x[i] * rstd * meanGn) + (dSum == null ? 0f : dSum[i]);
        }
    }
}
