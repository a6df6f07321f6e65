using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>What may stand in the padding of a batch of sequences.</summary>
internal static class Padding
{
    /// <summary>
    /// x with 0 in place of NaN and infinity beyond the lengths: times a gradient of 0 they would make weights' gradients NaN.
    /// Finite numbers stay as they are. What does not fit is left to the operation that follows, which names it.
    /// </summary>
    /// <param name="x">Shape (B, T, C).</param>
    /// <param name="lengths">Shape (B,); null where there is no padding.</param>
    internal static Variable Clear(Variable x, IndexTensor? lengths) =>
        lengths is null || x.Shape.Rank != 3 || !Fit(lengths, x.Shape)
            ? x
            : Variable.Map(new FinitePaddingOperation(), x, BoolTensor.LengthMask(lengths, x.Shape[1]).ToTensor().Unsqueeze(2));

    // On a GPU the lengths are checked by what reads them.
    private static bool Fit(IndexTensor lengths, Shape x) =>
        lengths.Shape.Equals(new Shape(x[0])) && (lengths.Backend.Device.Kind != DeviceKind.Cpu
            || Array.TrueForAll(lengths.ToArray(), length => length >= 0 && length <= x[1]));
}

/// <summary>x where y = 1 or x is finite, else 0.</summary>
internal readonly struct FinitePaddingOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => Select(x, y, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => Select(x, y, T.Constant(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    // x - x is 0 for finite numbers alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Select<T>(T x, T y, T value) where T : struct, ILane<T> =>
        T.WhereEqual(y, T.Constant(1f), value, T.WhereEqual(x - x, T.Constant(0f), value, T.Constant(0f)));
}
