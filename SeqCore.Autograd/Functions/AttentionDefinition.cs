using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>Attention as the papers write it, composed of products and a softmax over the whole matrix of scores.</summary>
internal static class AttentionDefinition
{
    internal static (Variable Output, Variable Weights) Compute(Variable query, Variable key, Variable value, AttentionOptions options)
    {
        var shape = AttentionShape.Of(query.Shape, key.Shape, value.Shape, options);
        int b = shape.Batch, n = shape.HeadCount, m = shape.KeyHeadCount, t = shape.QueryLength, s = shape.KeyLength, k = shape.HeadSize;

        // Query heads that share a key head lie one below the other, so that one product serves the group.
        var scores = Variable.MatMul(query.Reshape(b, m, n / m * t, k), key.Transpose(-2, -1)).Reshape(b, n, t, s) * shape.Scale(options);
        var (bias, alive) = AttentionBias.Build(shape, options, query.Value.Backend);
        if (bias is not null)
            scores += bias;
        var weights = scores.Softmax();
        if (alive is not null)
            weights *= alive;
        var used = options.Dropout > 0f ? weights.Dropout(options.Dropout, options.Random!) : weights;
        return (Variable.MatMul(used.Reshape(b, m, n / m * t, s), value).Reshape(b, n, t, k), weights);
    }

    /// <summary>(B, T, (N + 2 M) K) as q (B, N, T, K), k and v (B, M, T, K): views.</summary>
    internal static (Variable Query, Variable Key, Variable Value) Unpack(Variable packed, int headCount, int keyHeadCount)
    {
        var size = AttentionShape.HeadSizeOfPacked(packed.Shape, headCount, keyHeadCount);
        var parts = packed.Split([headCount * size, keyHeadCount * size, keyHeadCount * size], -1);
        return (SplitHeads(parts[0], headCount), SplitHeads(parts[1], keyHeadCount), SplitHeads(parts[2], keyHeadCount));
    }

    /// <summary>(B, T, N K) as (B, N, T, K): a view.</summary>
    internal static Variable SplitHeads(Variable x, int heads) => x.Reshape(x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads).Transpose(1, 2);

    /// <summary>(B, N, T, K) as (B, T, N K).</summary>
    internal static Variable JoinHeads(Variable x) => x.Transpose(1, 2).Reshape(x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]);
}
