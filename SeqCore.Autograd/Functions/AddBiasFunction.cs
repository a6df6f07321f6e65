using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Adds a bias, broadcast, to scores; the result is minus infinity where the bias is, even if the score of the hidden key is NaN
/// or has overflowed.
/// </summary>
internal sealed class AddBiasFunction(Variable scores, Tensor bias) : Function(scores)
{
    private protected override bool HidesElements => true;

    protected override Tensor Forward() => Tensor.Map(new AddBiasOperation(), scores.Value, bias, Name);

    // The softmax that follows gives 0 for hidden scores.
    protected override void Backward(Tensor dY) => AddGradient(scores, dY);
}

/// <summary>The operation x + y, which is minus infinity where y is.</summary>
internal readonly struct AddBiasOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => T.WhereEqual(y, T.Constant(float.NegativeInfinity), y, x + y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> =>
        T.WhereEqual(y, T.Constant(float.NegativeInfinity), T.Constant(0f), T.Constant(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(1f);
}
