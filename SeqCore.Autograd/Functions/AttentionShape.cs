using SeqCore.Patterns;

namespace SeqCore.Functions;

/// <summary>The checked sizes of an attention.</summary>
/// <param name="Batch">The batch size, B.</param>
/// <param name="HeadCount">The number of query heads, N.</param>
/// <param name="KeyHeadCount">The number of key and value heads, M.</param>
/// <param name="QueryLength">The number of queries, T.</param>
/// <param name="KeyLength">The number of keys, S.</param>
/// <param name="HeadSize">The number of elements of a head of the queries and keys, K.</param>
/// <param name="ValueSize">The number of elements of a head of the values, J.</param>
internal readonly record struct AttentionShape(int Batch, int HeadCount, int KeyHeadCount, int QueryLength,
    int KeyLength, int HeadSize, int ValueSize)
{
    private const string Name = "Attention";

    /// <summary>The shape of the scores, (B, N, T, S).</summary>
    internal Shape Scores => new(Batch, HeadCount, QueryLength, KeyLength);

    internal float Scale(AttentionOptions options) => options.Scale ?? 1f / MathF.Sqrt(HeadSize);

    internal static AttentionShape Of(Shape query, Shape key, Shape value, AttentionOptions options)
    {
        if (query.Rank != 4)
            throw ShapeException.Wrong(Name, "query", "(B, N, T, K)", query);
        if (key.Rank != 4 || key[0] != query[0] || key[3] != query[3])
            throw ShapeException.Wrong(Name, "key", $"(B, M, S, K) = ({query[0]}, M, S, {query[3]})", key, $"query is {query}");
        if (key[1] == 0 || query[1] % key[1] != 0)
        {
            throw ShapeException.Wrong(Name, "key",
                $"(B, M, S, K) = ({query[0]}, M, S, {query[3]}) with M a divisor of N = {query[1]}", key, $"query is {query}");
        }

        if (value.Rank != 4 || !value.With(3, key[3]).Equals(key))
        {
            throw ShapeException.Wrong(Name, "value", $"(B, M, S, J) = ({key[0]}, {key[1]}, {key[2]}, J)", value,
                $"key is {key}");
        }

        var shape = new AttentionShape(query[0], query[1], key[1], query[2], key[2], query[3], value[3]);
        shape.Check(options);
        return shape;
    }

    /// <summary>Returns the sizes of a self-attention whose queries, keys and values lie side by side.</summary>
    /// <param name="packed">The shape of queries, keys and values, (B, T, (N + M) K + M J).</param>
    /// <param name="headCount">The number of query heads, N.</param>
    /// <param name="keyHeadCount">The number of key and value heads, M.</param>
    /// <param name="valueSize">The number of elements of a head of the values, J; 0 for K.</param>
    /// <param name="options">The options, which are checked against the sizes.</param>
    internal static AttentionShape OfPacked(Shape packed, int headCount, int keyHeadCount, int valueSize,
        AttentionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyHeadCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(valueSize);
        var values = (long)keyHeadCount * valueSize;
        var heads = headCount + ((valueSize == 0 ? 2L : 1L) * keyHeadCount);
        if (packed.Rank != 3 || packed[2] < values || (packed[2] - values) % heads != 0)
        {
            throw ShapeException.Wrong("SelfAttention", "packed", valueSize == 0
                ? $"(B, T, (N + 2 M) K) with N = {headCount}, M = {keyHeadCount}, a multiple of {heads}"
                : $"(B, T, (N + M) K + M J) with N = {headCount}, M = {keyHeadCount}, J = {valueSize},"
                    + $" {values} more than a multiple of {heads}", packed);
        }

        var size = (int)((packed[2] - values) / heads);
        var shape = new AttentionShape(packed[0], headCount, keyHeadCount, packed[1], packed[1], size,
            valueSize == 0 ? size : valueSize);
        shape.Check(options);
        return shape;
    }

    /// <summary>The position of the first query relative to the first key.</summary>
    internal int QueryOffset(AttentionOptions options) => QueryOffset(options, QueryLength, KeyLength);

    internal static int QueryOffset(AttentionOptions options, int queryLength, int keyLength) =>
        options.Alignment == CausalAlignment.UpperLeft ? 0 : keyLength - queryLength;

    /// <summary>The positions of the queries and keys, for a pattern.</summary>
    internal PatternExtent Extent(AttentionOptions options) => new(QueryOffset(options), QueryLength, 0, KeyLength);

    internal void Check(AttentionOptions options)
    {
        if (!Enum.IsDefined(options.Alignment))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Alignment,
                $"Attention: there is no such {nameof(CausalAlignment)}.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(options.Window);
        if (options.Scale is { } scale && !float.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(options), scale,
                $"Attention: {nameof(AttentionOptions.Scale)} should be finite, or null for 1 / sqrt(K).");
        }

        if (options.Dropout is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Dropout,
                "Attention: the probability of dropout should be in [0, 1).");
        }

        if (options.Dropout > 0f && options.Random is null)
            throw new ArgumentException("Attention: dropout needs a generator. Set AttentionOptions.Random.", nameof(options));
        if (options.KeyLengths is { } lengths && !lengths.Shape.Equals(new Shape(Batch)))
            throw ShapeException.Wrong(Name, "KeyLengths", $"(B,) = ({Batch},)", lengths.Shape);
        if (options.Slopes is { } slopes && !slopes.Shape.Equals(new Shape(HeadCount)))
            throw ShapeException.Wrong(Name, "Slopes", $"(N,) = ({HeadCount},)", slopes.Shape);
        CheckBroadcast("Bias", options.Bias?.Shape);
        CheckBroadcast("Allowed", options.Allowed?.Shape);
        options.Pattern?.Check(this, Extent(options));
    }

    private void CheckBroadcast(string name, Shape? mask)
    {
        if (mask is null)
            return;
        var fits = mask.Rank <= 4;
        for (var i = 1; fits && i <= mask.Rank; i++)
            fits = mask[-i] == 1 || mask[-i] == Scores[-i];
        if (!fits)
            throw ShapeException.Wrong(Name, name, $"that broadcasts to (B, N, T, S) = {Scores}", mask);
    }
}
