using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Gradients of layer normalisation over a block of rows. With n = (x - mean) rstd and g = dY w:
/// dX = rstd (g - mean(g) - n mean(g n)) + dSum, and dWeight += dY n, dBias += dY for the block.
/// </summary>
internal unsafe struct LayerNormGradientKernel : IRowGradientKernel
{
    internal float* X;
    internal float* Weight;
    internal float* Mean;
    internal float* Rstd;
    internal float* DY;
    internal float* DSum;
    internal float* DX;
    internal float* DWeight;
    internal float* DBias;
    internal int Columns;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    public static int VectorCount => 2;

    public void SumInto(float* sums)
    {
        DWeight = sums;
        DBias = sums + Columns;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            Row<T>(X + (long)r * Columns, DY + (long)r * Columns, DSum == null ? null : DSum + (long)r * Columns,
                DX + (long)r * Columns, Mean[r], Rstd[r]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<T>(float* x, float* dY, float* dSum, float* dX, float mean, float rstd)
        where T : struct, IVectorLane<T>
    {
        T m = T.Constant(mean), s = T.Constant(rstd), one = T.Constant(1f);
        T vG = T.Constant(0f), vGn = vG;
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
        {
            var d = T.Load(dY + i);
            var n = (T.Load(x + i) - m) * s;
            var g = Weight == null ? d : d * T.Load(Weight + i);
            vG += g;
            vGn = T.MultiplyAdd(g, n, vGn);
            if (DWeight != null)
            {
                T.Store(T.MultiplyAdd(d, n, T.Load(DWeight + i)), DWeight + i);
                T.Store(T.Load(DBias + i) + d, DBias + i);
            }
        }

        float sumG = T.Sum(vG), sumGn = T.Sum(vGn);
        for (; i < Columns; i++)
        {
            var n = (x[i] - mean) * rstd;
            var g = Weight == null ? dY[i] : dY[i] * Weight[i];
            sumG += g;
            sumGn += g * n;
            if (DWeight != null)
            {
                DWeight[i] = float.MultiplyAddEstimate(dY[i], n, DWeight[i]);
                DBias[i] += dY[i];
            }
        }

        float meanG = sumG / Columns, meanGn = sumGn / Columns;
        T a = T.Constant(meanG), b = T.Constant(meanGn), zero = T.Constant(0f);
        for (i = 0; i <= Columns - T.Count; i += T.Count)
        {
            var n = (T.Load(x + i) - m) * s;
            var g = T.Load(dY + i) * (Weight == null ? one : T.Load(Weight + i));
            T.Store(T.MultiplyAdd(s, g - a - n * b, dSum == null ? zero : T.Load(dSum + i)), dX + i);
        }

        for (; i < Columns; i++)
        {
            var n = (x[i] - mean) * rstd;
            var g = Weight == null ? dY[i] : dY[i] * Weight[i];
            dX[i] = rstd * (g - meanG - n * meanGn) + (dSum == null ? 0f : dSum[i]);
        }
    }
}
