using System.Runtime.CompilerServices;
using SeqCore.Kernels.Random;

namespace SeqCore.Kernels.Norms;

/// <summary>
/// Normalises a few rows. For each it adds dropout(x) to the residual if there is one, computes mean and variance (RMS norm: the
/// mean square), and then the result; the row is still in L1 when it is read again.
/// </summary>
internal unsafe struct NormKernel<TKind> : IRowKernel where TKind : struct, INormKind
{
    internal float* X;
    internal float* Residual;
    internal float* Sum;
    internal float* Weight;
    internal float* Bias;
    internal float* Y;
    internal float* Mean;
    internal float* Rstd;
    internal int Columns;
    internal float Epsilon;
    internal float Dropout;
    internal RandomStream Stream;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            var x = Residual == null ? X + (nint)r * Columns : SumWithResidual<T>((nint)r * Columns);
            var mean = TKind.Centred ? RowMath.Sum<T>(x, Columns) / Columns : 0f;
            var squares = TKind.Centred ? SquaredDistance<T>(x, mean) : RowMath.Dot<T>(x, x, Columns);
            var rstd = 1f / MathF.Sqrt(squares / Columns + Epsilon);
            if (Mean != null)
                Mean[r] = mean;
            if (Rstd != null)
                Rstd[r] = rstd;
            Normalise<T>(x, Y + (long)r * Columns, mean, rstd);
        }
    }

    /// <summary>
    /// Writes dropout(x) + residual to the sum, for the row whose first element has the index at, and returns that row of it.
    /// </summary>
    private readonly float* SumWithResidual<T>(nint at) where T : struct, IVectorLane<T>
    {
        if (Dropout == 0f)
            RowMath.Add<T>(X + at, Residual + at, Sum + at, Columns);
        else
            DropoutRow.Add<T>(X + at, Residual + at, Sum + at, Columns, at, Stream, Dropout);
        return Sum + at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly float SquaredDistance<T>(float* x, float mean) where T : struct, IVectorLane<T>
    {
        var m = T.Constant(mean);
        var s0 = T.Constant(0f);
        T s1 = s0, s2 = s0, s3 = s0;
        var i = 0;
        for (; i <= Columns - 4 * T.Count; i += 4 * T.Count)
        {
            s0 = AddSquare(T.Load(x + i) - m, s0);
            s1 = AddSquare(T.Load(x + i + T.Count) - m, s1);
            s2 = AddSquare(T.Load(x + i + 2 * T.Count) - m, s2);
            s3 = AddSquare(T.Load(x + i + 3 * T.Count) - m, s3);
        }

        for (; i <= Columns - T.Count; i += T.Count)
            s0 = AddSquare(T.Load(x + i) - m, s0);
        var sum = T.Sum(s0 + s1 + (s2 + s3));
        for (; i < Columns; i++)
            sum += (x[i] - mean) * (x[i] - mean);
        return sum;
    }

    /// <summary>
    /// Writes the result of one row. Without a weight or a bias the loop reads one vector of ones or zeros at every step instead:
    /// an index masked with 0 stays 0, and the loop has no branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Normalise<T>(float* x, float* y, float mean, float rstd) where T : struct, IVectorLane<T>
    {
        T m = T.Constant(mean), s = T.Constant(rstd), one = T.Constant(1f), zero = T.Constant(0f);
        var weight = Weight == null ? (float*)Unsafe.AsPointer(ref one) : Weight;
        var bias = Bias == null ? (float*)Unsafe.AsPointer(ref zero) : Bias;
        nint weightMask = Weight == null ? 0 : -1, biasMask = Bias == null ? 0 : -1, columns = Columns, i = 0;
        for (; i <= columns - T.Count; i += T.Count)
        {
            var w = T.Load(weight + (i & weightMask));
            T.Store(TKind.Centred
                ? T.MultiplyAdd((T.Load(x + i) - m) * s, w, T.Load(bias + (i & biasMask)))
                : T.Load(x + i) * s * w, y + i);
        }

        for (; i < columns; i++)
        {
            var w = weight[i & weightMask];
            y[i] = TKind.Centred ? float.MultiplyAddEstimate((x[i] - mean) * rstd, w, bias[i & biasMask]) : x[i] * rstd * w;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddSquare<T>(T x, T sum) where T : struct, IVectorLane<T> => T.MultiplyAdd(x, x, sum);
}
