namespace SeqCore.Functions;

/// <summary>Computes attention by its definition in the papers: products and a softmax over the whole matrix of scores.</summary>
internal static class AttentionDefinition
{
    internal static (Variable Output, Variable Weights) Compute(Variable query, Variable key, Variable value,
        AttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var shape = AttentionShape.Of(query.Shape, key.Shape, value.Shape, options);
        int b = shape.Batch, n = shape.HeadCount, m = shape.KeyHeadCount, t = shape.QueryLength,
            s = shape.KeyLength, k = shape.HeadSize, j = shape.ValueSize;

        var built = AttentionBias.Build(shape, options, query.Value.Backend);
        var hides = built.Bias is not null || options.ScoreModification is not null;
        HiddenRows? keys = hides ? new HiddenRows(key) : null, values = hides ? new HiddenRows(value) : null;

        // Query heads that share a key head are stacked, so that one product serves the group.
        var products = Variable.MatMul(query.Reshape(b, m, n / m * t, k), (keys?.Finite ?? key).Transpose(-2, -1));
        var (scores, hiding, queriesWithKeys) = AttentionBias.Add(
            options.Scores(products.Reshape(b, n, t, s) * shape.Scale(options)), built, options);
        var weights = scores.Softmax();
        if (queriesWithKeys is not null)
            weights = weights.MaskedFill(!queriesWithKeys, 0f);
        var used = options.Dropout > 0f ? weights.Dropout(options.Dropout, options.Random!) : weights;
        used = used.Reshape(b, m, n / m * t, s);
        var result = Variable.MatMul(used, values?.Finite ?? value);
        result = (values?.PropagateNaN(result, used.Value) ?? result).Reshape(b, n, t, j);
        var seesNonFinite = keys?.QueriesThatSeeNonFinite(hiding!, queriesWithKeys, n);
        return (HiddenRows.SetNaN(result, seesNonFinite), HiddenRows.SetNaN(weights, seesNonFinite));
    }

    /// <summary>
    /// Computes the attention of queries, keys and values that lie side by side, shape (B, T, (N + M) K + M J).
    /// </summary>
    /// <returns>The heads side by side, shape (B, T, N J).</returns>
    internal static Variable ComputePacked(Variable packed, int headCount, int keyHeadCount, int valueSize,
        AttentionOptions options)
    {
        var shape = AttentionShape.OfPacked(packed.Shape, headCount, keyHeadCount, valueSize, options);
        int b = shape.Batch, t = shape.QueryLength;
        var parts = packed.Split([headCount * shape.HeadSize, keyHeadCount * shape.HeadSize, keyHeadCount * shape.ValueSize], -1);
        var result = Compute(Heads(parts[0], headCount), Heads(parts[1], keyHeadCount), Heads(parts[2], keyHeadCount), options);
        return result.Output.Transpose(1, 2).Reshape(b, t, headCount * shape.ValueSize);

        Variable Heads(Variable x, int heads) => x.Reshape(b, t, heads, x.Shape[2] / heads).Transpose(1, 2);
    }
}
