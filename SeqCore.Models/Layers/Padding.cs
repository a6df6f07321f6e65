using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Clears the padding of batches of sequences.</summary>
internal static class Padding
{
    /// <summary>
    /// Returns x with 0 in place of NaN, infinity and numbers whose squares overflow, beyond the lengths and in steps that a mask
    /// or bias hides from every query; multiplied by a gradient of 0, they would make gradients of weights NaN. Other numbers do
    /// not change. Arguments that do not fit are left to the operation that follows, which reports them.
    /// </summary>
    /// <param name="x">The keys, the values, or the sequence that they are computed from, shape (B, S, C).</param>
    /// <param name="options">The options that hide steps; null if none are hidden.</param>
    /// <param name="queryLength">
    /// The number of queries, T; null if it is not known yet, so that causality and a window are ignored.
    /// </param>
    internal static Variable Clear(Variable x, AttentionOptions? options, int? queryLength = null)
    {
        if (x.Shape.Rank != 3 || options is null)
            return x;
        if (options.KeyLengths is { } lengths && Fit(lengths, x.Shape))
            x = Keep(x, BoolTensor.LengthMask(lengths, x.Shape[1]));
        return Seen(x.Shape, options, queryLength, x.Value.Backend) is { } seen ? Keep(x, seen) : x;
    }

    /// <summary>Returns T of shape (B, T, C); null for another shape, which the operation that follows reports.</summary>
    internal static int? Length(Variable x) => x.Shape.Rank == 3 ? x.Shape[1] : null;

    /// <summary>
    /// Returns a mask of the steps that any query of any head sees, shape (B or 1, S), according to masks, causality and window;
    /// null if all are seen, or if the arguments do not fit.
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

        // Without a mask each key is seen by the query at its position, or, in a causal triangle, by the last one.
        var isKnown = queryLength is not null || queries > 1;
        var canHide = queries < keys && (options.Window > 0 || options.Alignment == CausalAlignment.UpperLeft);
        if (isKnown && (canHide || masks.Count > 0))
            masks.AddRange(Near(options, queries, keys, backend));
        if (masks.Count == 0)
            return null;
        int[] scores = [x[0], heads, queries, keys];
        if (masks.Exists(m => Enumerable.Range(0, 4).Any(a => m.Shape[a] != 1 && m.Shape[a] != scores[a])))
            return null;
        return masks.Aggregate((seen, mask) => seen & mask).Any([1, 2]);

        int Most(int axis) => masks.Select(m => m.Shape[axis]).Append(1).Max();
    }

    /// <summary>Returns the masks of the keys that causality and a window show, shape (1, 1, T, S) each.</summary>
    private static IEnumerable<BoolTensor> Near(AttentionOptions options, int queries, int keys, Backend backend)
    {
        // Query t is at the position of key t + offset.
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

    /// <param name="x">The sequence, shape (B, T, C).</param>
    /// <param name="exists">A mask of the steps to keep, shape (B or 1, T).</param>
    private static Variable Keep(Variable x, BoolTensor exists) =>
        Variable.Map(new FinitePaddingOperation(), x, exists.ToTensor().Unsqueeze(2));

    // On a GPU the operation that reads the lengths checks them.
    private static bool Fit(IndexTensor lengths, Shape x) =>
        lengths.Shape.Equals(new Shape(x[0])) && (lengths.Backend.Device.Kind != DeviceKind.Cpu
            || Array.TrueForAll(lengths.ToArray(), length => length >= 0 && length <= x[1]));
}

/// <summary>The operation that returns x where y = 1 or the square of x is finite, else 0.</summary>
internal readonly struct FinitePaddingOperation : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => Select(x, y, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => Select(x, y, T.Constant(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(0f);

    // Squares are finite for numbers below 2^64; a comparison with NaN is false.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Select<T>(T x, T y, T value) where T : struct, ILane<T> => T.WhereEqual(y, T.Constant(1f), value,
        T.WhereLess(x * x, T.Constant(float.PositiveInfinity), value, T.Constant(0f)));
}
