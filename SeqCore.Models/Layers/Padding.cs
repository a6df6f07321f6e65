using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>What may stand in the padding of a batch of sequences.</summary>
internal static class Padding
{
    /// <summary>
    /// x with 0 in place of NaN, infinity and numbers whose squares overflow, beyond the lengths and in steps that a mask or bias
    /// hides from every query: times a gradient of 0 they would make weights' gradients NaN. Other numbers stay as they are. What
    /// does not fit is left to the operation that follows, which names it.
    /// </summary>
    /// <param name="x">Shape (B, T, C).</param>
    /// <param name="options">What hides steps; null where nothing does.</param>
    internal static Variable Clear(Variable x, AttentionOptions? options)
    {
        if (x.Shape.Rank != 3 || options is null)
            return x;
        if (options.KeyLengths is { } lengths && Fit(lengths, x.Shape))
            x = Keep(x, BoolTensor.LengthMask(lengths, x.Shape[1]));
        if (options.Allowed is { } allowed)
            x = KeepSeen(x, allowed);
        if (options.Bias is { } bias)
            x = KeepSeen(x, bias.NotEqualTo(float.NegativeInfinity));
        return x;
    }

    /// <param name="x">Shape (B, T, C).</param>
    /// <param name="mask">At most of rank 4, which broadcasts to (B, N, queries, T); true where a query sees a step.</param>
    private static Variable KeepSeen(Variable x, BoolTensor mask)
    {
        if (mask.Rank is 0 or > 4 || mask.Shape[-1] != x.Shape[1])
            return x;
        var full = mask.Reshape([.. Enumerable.Repeat(1, 4 - mask.Rank), .. mask.Shape.Sizes]);
        return full.Shape[0] == 1 || full.Shape[0] == x.Shape[0] ? Keep(x, full.Any([1, 2])) : x;
    }

    /// <param name="x">Shape (B, T, C).</param>
    /// <param name="exists">Shape (B or 1, T).</param>
    private static Variable Keep(Variable x, BoolTensor exists) =>
        Variable.Map(new FinitePaddingOperation(), x, exists.ToTensor().Unsqueeze(2));

    // On a GPU the lengths are checked by what reads them.
    private static bool Fit(IndexTensor lengths, Shape x) =>
        lengths.Shape.Equals(new Shape(x[0])) && (lengths.Backend.Device.Kind != DeviceKind.Cpu
            || Array.TrueForAll(lengths.ToArray(), length => length >= 0 && length <= x[1]));
}

/// <summary>x where y = 1 or the square of x is finite, else 0.</summary>
internal readonly struct FinitePaddingOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => Select(x, y, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => Select(x, y, T.Constant(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    // Squares below infinity are those of numbers below 2^64; a comparison with NaN is false.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Select<T>(T x, T y, T value) where T : struct, ILane<T> => T.WhereEqual(y, T.Constant(1f), value,
        T.WhereLess(x * x, T.Constant(float.PositiveInfinity), value, T.Constant(0f)));
}
