namespace SeqCore.Functions;

/// <summary>Computes attention by its definition in the papers: products and a softmax over the whole matrix of scores.</summary>
internal static class AttentionDefinition
{
    internal static (Variable Output, Variable Weights) Compute(Variable query, Variable key, Variable value,
        AttentionOptions options)
    {
        var shape = AttentionShape.Of(query.Shape, key.Shape, value.Shape, options);
        int b = shape.Batch, n = shape.HeadCount, m = shape.KeyHeadCount, t = shape.QueryLength,
            s = shape.KeyLength, k = shape.HeadSize, j = shape.ValueSize;

        var (bias, queriesWithKeys) = AttentionBias.Build(shape, options, query.Value.Backend);
        HiddenRows? keys = bias is null ? null : new HiddenRows(key), values = bias is null ? null : new HiddenRows(value);

        // Query heads that share a key head are stacked, so that one product serves the group.
        var products = Variable.MatMul(query.Reshape(b, m, n / m * t, k), (keys?.Finite ?? key).Transpose(-2, -1));
        var scores = options.Cap(products.Reshape(b, n, t, s) * shape.Scale(options));
        if (bias is not null)
            scores = new AddBiasFunction(scores, bias).Apply();
        var weights = scores.Softmax();
        if (queriesWithKeys is not null)
            weights = weights.MaskedFill(!queriesWithKeys, 0f);
        var used = options.Dropout > 0f ? weights.Dropout(options.Dropout, options.Random!) : weights;
        used = used.Reshape(b, m, n / m * t, s);
        var result = Variable.MatMul(used, values?.Finite ?? value);
        result = (values?.PropagateNaN(result, used.Value) ?? result).Reshape(b, n, t, j);
        var seesNonFinite = keys?.QueriesThatSeeNonFinite(bias!, queriesWithKeys, n);
        return (HiddenRows.SetNaN(result, seesNonFinite), HiddenRows.SetNaN(weights, seesNonFinite));
    }
}
