using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Norms;

/// <summary>
/// Gradients of a normalisation over a block of rows. With n = (x - mean) rstd and g = dY w: dX = rstd (g - mean(g) - n mean(g
/// n)) + dSum, without mean(g) if the mean is not subtracted; dWeight += dY n and dBias += dY for the block.
/// </summary>
internal unsafe struct NormGradientKernel<TKind> : IRowGradientKernel where TKind : struct, INormKind
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

    public static int VectorCount => TKind.Centred ? 2 : 1;

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
                DX + (long)r * Columns, TKind.Centred ? Mean[r] : 0f, Rstd[r]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<T>(float* x, float* dY, float* dSum, float* dX, float mean, float rstd)
        where T : struct, IVectorLane<T>
    {
        T m = T.Constant(mean), s = T.Constant(rstd), one = T.Constant(1f), zero = T.Constant(0f), vG = zero, vGn = zero;
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
        {
            T d = T.Load(dY + i), n = Normalised(T.Load(x + i), m, s);
            if (TKind.Centred)
            {
                var g = Weight == null ? d : d * T.Load(Weight + i);
                vG += g;
                vGn = T.MultiplyAdd(g, n, vGn);
                if (DWeight != null)
                {
                    T.Store(T.MultiplyAdd(d, n, T.Load(DWeight + i)), DWeight + i);
                    T.Store(T.Load(DBias + i) + d, DBias + i);
                }
            }
            else
            {
                vGn = T.MultiplyAdd(d * n, Weight == null ? one : T.Load(Weight + i), vGn);
                if (DWeight != null)
                    T.Store(T.Load(DWeight + i) + d * n, DWeight + i);
            }
        }

        float sumG = TKind.Centred ? T.Sum(vG) : 0f, sumGn = T.Sum(vGn);
        for (; i < Columns; i++)
        {
            float n = (TKind.Centred ? x[i] - mean : x[i]) * rstd, w = Weight == null ? 1f : Weight[i];
            sumG += dY[i] * w;
            sumGn += TKind.Centred ? dY[i] * w * n : dY[i] * n * w;
            if (DWeight != null)
            {
                DWeight[i] = TKind.Centred ? float.MultiplyAddEstimate(dY[i], n, DWeight[i]) : DWeight[i] + dY[i] * n;
                if (TKind.Centred)
                    DBias[i] += dY[i];
            }
        }

        float meanG = sumG / Columns, meanGn = sumGn / Columns;
        T a = T.Constant(meanG), b = T.Constant(meanGn);
        for (i = 0; i <= Columns - T.Count; i += T.Count)
        {
            T n = Normalised(T.Load(x + i), m, s), g = T.Load(dY + i) * (Weight == null ? one : T.Load(Weight + i));
            T.Store(T.MultiplyAdd(s, (TKind.Centred ? g - a : g) - n * b, dSum == null ? zero : T.Load(dSum + i)), dX + i);
        }

        for (; i < Columns; i++)
        {
            float n = (TKind.Centred ? x[i] - mean : x[i]) * rstd, g = dY[i] * (Weight == null ? 1f : Weight[i]);
            dX[i] = rstd * ((TKind.Centred ? g - meanG : g) - n * meanGn) + (dSum == null ? 0f : dSum[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Normalised<T>(T x, T mean, T rstd) where T : struct, IVectorLane<T> =>
        (TKind.Centred ? x - mean : x) * rstd;
}
