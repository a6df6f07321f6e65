using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Divides a layer of attention into heads: N query heads and M key heads, each of size K, and M value heads, each of size J. It
/// computes everything between the projection to queries, keys and values and the projection of the result, and owns no
/// parameters.
/// </summary>
internal sealed class AttentionHeads
{
    private readonly RotaryPositions? rotary;
    private readonly ConstantTensor? slopes;

    internal AttentionHeads(string owner, int modelSize, int headCount, int keyHeadCount, int valueHeadSize,
        RotaryPositions? rotary = null, ConstantTensor? slopes = null)
    {
        Argument.AtLeast(modelSize, owner, nameof(modelSize));
        Argument.AtLeast(headCount, owner, nameof(headCount));
        Argument.AtLeast(keyHeadCount, owner, nameof(keyHeadCount), 0);
        HeadCount = headCount;
        KeyHeadCount = keyHeadCount == 0 ? headCount : keyHeadCount;
        if (modelSize % headCount != 0)
        {
            throw new ArgumentException($"{owner}: the model's width should be a multiple of the number of heads;"
                + $" got {modelSize} and {headCount}.", nameof(headCount));
        }

        if (headCount % KeyHeadCount != 0)
        {
            throw new ArgumentException($"{owner}: the number of heads should be a multiple of the number of key heads;"
                + $" got {headCount} and {keyHeadCount}.", nameof(keyHeadCount));
        }

        HeadSize = modelSize / headCount;
        ValueHeadSize = valueHeadSize == 0 ? HeadSize : valueHeadSize;
        ResultSize = SizeLimitException.Check($"{owner}: values of {ValueHeadSize} in {headCount} heads",
            (long)headCount * ValueHeadSize);
        PackedSize = SizeLimitException.Check($"{owner}: queries, keys and values side by side, D = {modelSize}",
            (long)modelSize + KeysSize + ValuesSize);
        if (rotary is not null && rotary.HeadSize != HeadSize)
        {
            throw new ArgumentException($"{owner}: the rotary positions are for heads of size {rotary.HeadSize},"
                + $" but these have size {HeadSize}.", nameof(rotary));
        }

        (this.rotary, this.slopes) = (rotary, slopes);
    }

    /// <summary>The number of query heads, N.</summary>
    internal int HeadCount { get; }

    /// <summary>The number of key and value heads, M.</summary>
    internal int KeyHeadCount { get; }

    /// <summary>The number of elements of a head, K.</summary>
    internal int HeadSize { get; }

    /// <summary>The number of elements of a head of the values, J.</summary>
    internal int ValueHeadSize { get; }

    /// <summary>The width of the keys, M K.</summary>
    internal int KeysSize => KeyHeadCount * HeadSize;

    /// <summary>The width of the values, M J.</summary>
    internal int ValuesSize => KeyHeadCount * ValueHeadSize;

    /// <summary>The width of the result, N J.</summary>
    internal int ResultSize { get; }

    /// <summary>The width of queries, keys and values side by side, (N + M) K + M J.</summary>
    internal int PackedSize { get; }

    /// <summary>Computes the attention of a sequence to itself and to the earlier tokens in a cache.</summary>
    /// <param name="packed">The queries, keys and values side by side, shape (B, T, (N + M) K + M J).</param>
    /// <param name="pass">The positions, the cache, and a list for the weights.</param>
    /// <param name="options">The options of attention, with the cap and the dropout of this layer.</param>
    /// <returns>The heads side by side, shape (B, T, N J).</returns>
    internal Variable SelfAttention(Variable packed, MixerPass pass, AttentionOptions options)
    {
        if (rotary is not null)
        {
            packed = pass.Positions is { } positions
                ? rotary.Forward(packed, HeadCount + KeyHeadCount, positions, pass.Position + packed.Shape[1])
                : rotary.Forward(packed, HeadCount + KeyHeadCount, pass.Position);
        }

        if (slopes is not null)
            options = options with { Slopes = slopes.On(packed.Value.Backend) };
        if (pass.State is not null)
            return CachedAttention(packed.Value, options, (KeyValueCache)pass.State);
        if (pass.Weights is null)
            return packed.SelfAttention(HeadCount, options, KeyHeadCount, ValueHeadSize);
        var parts = packed.Split([HeadCount * HeadSize, KeysSize, ValuesSize], -1);
        return Attend(Split(parts[0], HeadCount), Split(parts[1], KeyHeadCount), Split(parts[2], KeyHeadCount), options,
            pass.Weights);
    }

    /// <summary>Adds the keys and values to a cache and computes the attention of the queries to everything in it.</summary>
    private Tensor CachedAttention(Tensor packed, AttentionOptions options, KeyValueCache cache)
    {
        var steps = packed.Shape[1];
        int queriesSize = HeadCount * HeadSize;
        cache.Append(From(queriesSize, HeadSize), From(queriesSize + KeysSize, ValueHeadSize), steps);
        return cache.Attend(From(0, HeadSize), HeadCount, steps, options);

        HeadsSpan From(int start, int headSize)
        {
            var data = packed.Span;
            return new HeadsSpan(data.Slice(start, data.Length - start), steps * PackedSize, headSize, PackedSize);
        }
    }

    /// <summary>Computes attention over separate heads; the results are side by side again, shape (B, T, N J).</summary>
    internal static Variable Attend(Variable query, Variable key, Variable value, AttentionOptions options,
        ICollection<Variable>? weights)
    {
        if (weights is null)
            return Join(Variable.Attention(query, key, value, options));
        var result = Variable.AttentionWithWeights(query, key, value, options);
        weights.Add(result.Weights);
        return Join(result.Output);
    }

    /// <summary>Views shape (B, T, N K) as (B, N, T, K).</summary>
    internal static Variable Split(Variable x, int heads) =>
        x.Reshape(x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads).Transpose(1, 2);

    /// <summary>Converts shape (B, N, T, J) to (B, T, N J).</summary>
    internal static Variable Join(Variable x) => x.Transpose(1, 2).Reshape(x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]);
}
