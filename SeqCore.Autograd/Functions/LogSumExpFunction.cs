using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>Computes y = log sum e^x along some axes; dX = dY e^(x - y).</summary>
internal sealed class LogSumExpFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    private Tensor? y;

    protected override Tensor Forward() => y = x.Value.LogSumExp(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var total = Axes.Kept(y!, x.Shape, axes);
        using var kept = Axes.Kept(dY, x.Shape, axes);
        var dX = Tensor.Map(new ExpOfDifference(), x.Value, total);
        dX.MultiplyInPlace(kept);
        AddGradient(x, dX);
    }

    /// <summary>The operation e^(x - y).</summary>
    internal readonly struct ExpOfDifference : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.Exp(x - y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => z;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => -z;
    }
}
