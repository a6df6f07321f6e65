using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// How a layer of attention is cut into heads: N of queries, M of keys and values, each of size K. It computes what stands
/// between the projection to queries, keys and values and the projection of the result, and owns no parameter.
/// </summary>
internal sealed class AttentionHeads
{
    private readonly RotaryPositions? rotary;
    private readonly ConstantTensor? slopes;

    internal AttentionHeads(string owner, int modelSize, int headCount, int keyHeadCount, RotaryPositions? rotary = null,
        ConstantTensor? slopes = null)
    {
        Argument.AtLeast(modelSize, owner, nameof(modelSize));
        Argument.AtLeast(headCount, owner, nameof(headCount));
        Argument.AtLeast(keyHeadCount, owner, nameof(keyHeadCount), 0);
        HeadCount = headCount;
        KeyHeadCount = keyHeadCount == 0 ? headCount : keyHeadCount;
        if (modelSize % headCount != 0)
        {
            throw new ArgumentException($"{owner}: the model's size should be a multiple of the number of heads;"
                + $" got {modelSize} and {headCount}.", nameof(headCount));
        }

        if (headCount % KeyHeadCount != 0)
        {
            throw new ArgumentException($"{owner}: the number of heads should be a multiple of that of keys;"
                + $" got {headCount} and {keyHeadCount}.", nameof(keyHeadCount));
        }

        HeadSize = modelSize / headCount;
        PackedSize = SizeLimitException.Check($"{owner}: queries, keys and values side by side, D = {modelSize}",
            modelSize + (2L * KeysSize));
        if (rotary is not null && rotary.HeadSize != HeadSize)
        {
            throw new ArgumentException($"{owner}: the rotary positions are for heads of size {rotary.HeadSize};"
                + $" these have {HeadSize}.", nameof(rotary));
        }

        (this.rotary, this.slopes) = (rotary, slopes);
    }

    /// <summary>N</summary>
    internal int HeadCount { get; }

    /// <summary>M</summary>
    internal int KeyHeadCount { get; }

    /// <summary>K</summary>
    internal int HeadSize { get; }

    /// <summary>M K: width of the keys, and of the values.</summary>
    internal int KeysSize => KeyHeadCount * HeadSize;

    /// <summary>(N + 2 M) K: width of queries, keys and values side by side.</summary>
    internal int PackedSize { get; }

    /// <summary>Attention of a sequence to itself, and to what a cache holds of the tokens before.</summary>
    /// <param name="packed">Shape (B, T, (N + 2 M) K).</param>
    /// <param name="pass">Positions, cache, and where to put the weights.</param>
    /// <param name="options">What is hidden, with the dropout of this layer's weights.</param>
    /// <returns>Shape (B, T, N K).</returns>
    internal Variable SelfAttention(Variable packed, MixerPass pass, AttentionOptions options)
    {
        if (rotary is not null)
            packed = rotary.Forward(packed, HeadCount + KeyHeadCount, pass.Position);
        if (slopes is not null)
            options = options with { Slopes = slopes.On(packed.Value.Backend) };
        if (pass.State is not null)
            return CachedAttention(packed.Value, options, (KeyValueCache)pass.State);
        if (pass.Weights is null)
            return packed.SelfAttention(HeadCount, options, KeyHeadCount);
        var parts = packed.Split([HeadCount * HeadSize, KeysSize, KeysSize], -1);
        return Attend(Split(parts[0], HeadCount), Split(parts[1], KeyHeadCount), Split(parts[2], KeyHeadCount), options,
            pass.Weights);
    }

    /// <summary>Adds the keys and values to a cache, and lets the queries attend to all that it holds.</summary>
    private Tensor CachedAttention(Tensor packed, AttentionOptions options, KeyValueCache cache)
    {
        var steps = packed.Shape[1];
        cache.Append(From(HeadCount), From(HeadCount + KeyHeadCount), steps);
        return cache.Attend(From(0), HeadCount, steps, options);

        HeadsSpan From(int head)
        {
            var (data, start) = (packed.Span, head * HeadSize);
            return new HeadsSpan(data.Slice(start, data.Length - start), steps * PackedSize, HeadSize, PackedSize);
        }
    }

    /// <summary>Attention of heads that have been cut apart; the results are side by side again, shape (B, T, N K).</summary>
    internal static Variable Attend(Variable query, Variable key, Variable value, AttentionOptions options,
        ICollection<Variable>? weights)
    {
        if (weights is null)
            return Join(Variable.Attention(query, key, value, options));
        var result = Variable.AttentionWithWeights(query, key, value, options);
        weights.Add(result.Weights);
        return Join(result.Output);
    }

    /// <summary>(B, T, N K) as (B, N, T, K): a view.</summary>
    internal static Variable Split(Variable x, int heads) =>
        x.Reshape(x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads).Transpose(1, 2);

    /// <summary>(B, N, T, K) as (B, T, N K).</summary>
    private static Variable Join(Variable x) => x.Transpose(1, 2).Reshape(x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]);
}
