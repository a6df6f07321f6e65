using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Root-mean-square normalisation of a few rows: the sum with the residual if there is one, the mean square, then the result,
/// from the nearest cache.
/// </summary>
internal unsafe struct RmsNormKernel : IRowKernel
{
    internal float* X;
    internal float* Residual;
    internal float* Sum;
    internal float* Weight;
    internal float* Y;
    internal float* Rstd;
    internal int Columns;
    internal float Epsilon;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            var x = RowMath.WithResidual<T>(X, Residual, Sum, r, Columns);
            var rstd = 1f / MathF.Sqrt(RowMath.Dot<T>(x, x, Columns) / Columns + Epsilon);
            if (Rstd != null)
                Rstd[r] = rstd;
            Normalise<T>(x, Y + (long)r * Columns, rstd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Normalise<T>(float* x, float* y, float rstd) where T : struct, IVectorLane<T>
    {
        T s = T.Constant(rstd), one = T.Constant(1f);
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
            T.Store(T.Load(x + i) * s * (Weight == null ? one : T.Load(Weight + i)), y + i);
        for (; i < Columns; i++)
            y[i] = x[i] * rstd * (Weight == null ? 1f : Weight[i]);
    }
}
