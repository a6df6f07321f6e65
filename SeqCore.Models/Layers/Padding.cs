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
    /// <param name="x">Shape (B, S, C): keys, values, or what they are made of.</param>
    /// <param name="options">What hides steps; null where nothing does.</param>
    /// <param name="queryLength">
    /// T; null where it is not known yet, and what causality or a window hides with it.
    /// </param>
    internal static Variable Clear(Variable x, AttentionOptions? options, int? queryLength = null)
    {
        if (x.Shape.Rank != 3 || options is null)
            return x;
        if (options.KeyLengths is { } lengths && Fit(lengths, x.Shape))
            x = Keep(x, BoolTensor.LengthMask(lengths, x.Shape[1]));
        return Seen(x.Shape, options, queryLength, x.Value.Backend) is { } seen ? Keep(x, seen) : x;
    }

    /// <summary>T of shape (B, T, C); null of another shape, which the operation that follows names.</summary>
    internal static int? Length(Variable x) => x.Shape.Rank == 3 ? x.Shape[1] : null;

    /// <summary>
    /// True for steps that some query of some head sees, shape (B or 1, S), as far as masks, causality and window say; null where
    /// all are seen, or what is given does not fit.
    /// </summary>
    private static BoolTensor? Seen(Shape x, AttentionOptions options, int? queryLength, Backend backend)
    {
        var masks = new List<BoolTensor>();
        if (options.Allowed is { } allowed)
            masks.Add(allowed);
        if (options.Bias is { } bias)
            masks.Add(bias.NotEqualTo(float.NegativeInfinity));
        if (masks.Exists(m => m.Rank is 0 or > 4))
            return null;
        masks = masks.ConvertAll(m => m.Reshape([.. Enumerable.Repeat(1, 4 - m.Rank), .. m.Shape.Sizes]));
        int heads = Most(1), queries = queryLength ?? Most(2), keys = x[1];

        // Without a mask each key is seen by the query that stands there, or, in a causal triangle, by the last one.
        var isKnown = queryLength is not null || queries > 1;
        var canHide = queries < keys && (options.Window > 0 || options.Alignment == CausalAlignment.UpperLeft);
        if (isKnown && (canHide || masks.Count > 0))
            masks.AddRange(Near(options, queries, keys, backend));
        var scores = new Shape(x[0], heads, queries, keys);
        if (masks.Count == 0 || masks.Exists(m => Enumerable.Range(0, 4).Any(a => m.Shape[a] != 1 && m.Shape[a] != scores[a])))
            return null;
        return masks.Aggregate((seen, mask) => seen & mask).Any([1, 2]);

        int Most(int axis) => masks.Select(m => m.Shape[axis]).Append(1).Max();
    }

    /// <summary>What causality and a window show of the keys, shape (1, 1, T, S) each.</summary>
    private static IEnumerable<BoolTensor> Near(AttentionOptions options, int queries, int keys, Backend backend)
    {
        // The query t stands at key t + offset.
        var offset = options.Alignment == CausalAlignment.UpperLeft ? 0 : keys - queries;
        if (options.IsCausal)
            yield return BoolTensor.LowerTriangle(queries, keys, offset, backend).Unsqueeze(0).Unsqueeze(0);
        if (options.Window > 0)
        {
            var reach = Math.Min(options.Window, queries + keys) - 1;
            yield return (BoolTensor.LowerTriangle(queries, keys, offset + reach, backend)
                & BoolTensor.UpperTriangle(queries, keys, offset - reach, backend)).Unsqueeze(0).Unsqueeze(0);
        }
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
