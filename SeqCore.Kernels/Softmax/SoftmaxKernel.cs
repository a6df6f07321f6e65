using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Softmax;

internal enum SoftmaxKind
{
    Softmax,
    SoftmaxGradient,
    LogSoftmax,
    LogSoftmaxGradient,
}

/// <summary>
/// Softmax, log-softmax and their gradients over a few rows. Each row is read repeatedly while it is in the L1 cache: once for
/// the maximum, once for the exponentials and their sum, once to scale.
/// </summary>
internal readonly unsafe struct SoftmaxKernel(SoftmaxKind kind, float* input, float* gradient, float* output, int rows,
    int columns) : ISimdKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = 0; r < rows; r++)
        {
            var offset = (long)r * columns;
            float* x = input + offset, dY = gradient + offset, y = output + offset;
            switch (kind)
            {
                case SoftmaxKind.Softmax:
                    Softmax<T>(x, y, columns);
                    break;
                case SoftmaxKind.SoftmaxGradient:
                    SoftmaxGradient<T>(x, dY, y, columns);
                    break;
                case SoftmaxKind.LogSoftmax:
                    LogSoftmax<T>(x, y, columns);
                    break;
                default:
                    LogSoftmaxGradient<T>(x, dY, y, columns);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax<T>(float* x, float* y, int columns) where T : struct, IVectorLane<T>
    {
        var sum = RowMath.ExpAndSum<T>(x, y, columns, RowMath.Max<T>(x, columns));
        RowMath.Affine<T>(y, y, columns, 1f / sum, 0f);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogSoftmax<T>(float* x, float* y, int columns) where T : struct, IVectorLane<T>
    {
        var max = RowMath.Max<T>(x, columns);
        var log = (float)Math.Log(RowMath.SumExp<T>(x, columns, max));

        // Not x - (max + log): for logits of 1e6 that sum would lose the logarithm's digits.
        T vMax = T.Constant(max), vLog = T.Constant(log);
        var i = 0;
        for (; i <= columns - T.Count; i += T.Count)
            T.Store(T.Load(x + i) - vMax - vLog, y + i);
        for (; i < columns; i++)
            y[i] = x[i] - max - log;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxGradient<T>(float* y, float* dY, float* dX, int columns) where T : struct, IVectorLane<T>
    {
        var dot = RowMath.Dot<T>(dY, y, columns);
        var vDot = T.Constant(dot);
        var i = 0;
        for (; i <= columns - T.Count; i += T.Count)
            T.Store(T.Load(y + i) * (T.Load(dY + i) - vDot), dX + i);
        for (; i < columns; i++)
            dX[i] = y[i] * (dY[i] - dot);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogSoftmaxGradient<T>(float* y, float* dY, float* dX, int columns) where T : struct, IVectorLane<T>
    {
        var sum = RowMath.Sum<T>(dY, columns);
        var vSum = T.Constant(sum);
        var i = 0;
        for (; i <= columns - T.Count; i += T.Count)
            T.Store(T.Load(dY + i) - T.Exp(T.Load(y + i)) * vSum, dX + i);
        for (; i < columns; i++)
        {
            LaneScalar.Store(LaneScalar.Constant(dY[i]) - LaneScalar.Exp(LaneScalar.Load(y + i)) * LaneScalar.Constant(sum),
                dX + i);
        }
    }
}
