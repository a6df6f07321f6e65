using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Builds everything that <see cref="AttentionOptions"/> add to the scores as one tensor, for attention by its definition.
/// </summary>
internal static class AttentionBias
{
    /// <returns>
    /// The bias to add, shape (B or 1, N or 1, T, S), null if there is none; and, if some query may attend to nothing, a mask of
    /// the queries that may attend to something, shape (B or 1, N or 1, T, 1). The bias of a query without keys is 0, so that its
    /// softmax is finite.
    /// </returns>
    internal static (Tensor? Bias, BoolTensor? QueriesWithKeys) Build(
        AttentionShape shape, AttentionOptions options, Backend backend)
    {
        if (options is { IsCausal: false, Window: 0, KeyLengths: null, Bias: null, Allowed: null, Slopes: null, Pattern: null })
            return (null, null);
        CheckLengths(options.KeyLengths, shape.KeyLength);
        using var scope = new TensorScope("attention bias");
        var zero = Tensor.Zeros(Shape.Scalar, backend);
        var bias = Hide(shape, options, (options.Bias ?? zero).BroadcastTo(Whole(shape, options)));
        if (QueriesWithKeys(shape, options, bias) is not { } queriesWithKeys)
            return (scope.KeepInOuter(bias), null);
        return (scope.KeepInOuter(Tensor.Where(queriesWithKeys, bias, zero)), scope.KeepInOuter(queriesWithKeys));
    }

    /// <summary>
    /// Adds the bias to scores that <see cref="AttentionOptions.ScoreModification"/> may have changed. It may have hidden all
    /// keys of a query, whose scores become 0, so that its softmax is finite.
    /// </summary>
    /// <param name="scores">The scores, shape (B, N, T, S).</param>
    /// <param name="built">The bias and the mask from <see cref="Build"/>.</param>
    /// <param name="options">The options of attention.</param>
    /// <returns>
    /// The scores; those that hide keys with minus infinity, in a query without keys too if the modification hid them; and a mask
    /// of the queries that may attend to something, null if all may.
    /// </returns>
    internal static (Variable Scores, Tensor? Hiding, BoolTensor? QueriesWithKeys) Add(Variable scores,
        (Tensor? Bias, BoolTensor? QueriesWithKeys) built, AttentionOptions options)
    {
        var (bias, queriesWithKeys) = built;
        if (bias is not null)
            scores = new AddBiasFunction(scores, bias).Apply();
        if (options.ScoreModification is null || scores.Shape[3] == 0)
            return (scores, bias, queriesWithKeys);
        var hiding = scores.Value;
        var some = hiding.Max(-1, keepDimensions: true).NotEqualTo(float.NegativeInfinity);
        if (hiding.Backend.Device.Kind == DeviceKind.Cpu && some.All())
            return (scores, hiding, queriesWithKeys);
        return (scores.MaskedFill(!some, 0f), hiding, queriesWithKeys is null ? some : queriesWithKeys & some);
    }

    /// <summary>Adds the slopes to the bias, and minus infinity where a key is hidden.</summary>
    private static Tensor Hide(AttentionShape shape, AttentionOptions options, Tensor bias)
    {
        int t = shape.QueryLength, s = shape.KeyLength;
        var keys = Tensor.Arange(s, bias.Backend);
        var first = shape.QueryOffset(options);
        var ahead = keys - Tensor.Arange(first, first + t, backend: bias.Backend).Reshape(t, 1);
        var distance = ahead.Abs();
        if (options.Slopes is { } slopes)
            bias -= slopes.Reshape(shape.HeadCount, 1, 1) * distance;
        if (options.IsCausal)
            bias = bias.MaskedFill(ahead > 0f, float.NegativeInfinity);
        if (options.Window > 0)
            bias = bias.MaskedFill(distance >= options.Window, float.NegativeInfinity);
        if (options.KeyLengths is { } lengths)
            bias = bias.MaskedFill(keys >= Numbers(lengths, s).Reshape(shape.Batch, 1, 1, 1), float.NegativeInfinity);
        if (options.Pattern is { } pattern)
            bias = bias.MaskedFill(!pattern.Mask(shape.Extent(options), bias.Backend), float.NegativeInfinity);
        if (options.Allowed is { } allowed)
            bias = bias.MaskedFill(!allowed, float.NegativeInfinity);
        return bias;
    }

    /// <summary>Returns a mask that is true for each query that has a key; null if all queries are known to have one.</summary>
    private static BoolTensor? QueriesWithKeys(AttentionShape shape, AttentionOptions options, Tensor bias)
    {
        if (shape.KeyLength == 0)
            return BoolTensor.Full(bias.Shape.With(3, 1), false, bias.Backend);
        var seesItself = options is { KeyLengths: null, Bias: null, Allowed: null, Pattern: null }
            && shape.QueryLength <= shape.KeyLength;
        if (seesItself)
            return null;
        var queriesWithKeys = bias.Max(-1, keepDimensions: true).NotEqualTo(float.NegativeInfinity);

        // Reading the answer costs nothing on the CPU and saves a product in each step; on another device each step would wait
        // for it.
        return bias.Backend.Device.Kind == DeviceKind.Cpu && queriesWithKeys.All() ? null : queriesWithKeys;
    }

    /// <summary>
    /// Converts indices in [0, most] to floats on their device: each looks up its row in a table 0, 1, 2, ... Shape (B, 1).
    /// </summary>
    private static Tensor Numbers(IndexTensor indices, int most) =>
        Tensor.Arange(most + 1, indices.Backend).Reshape(most + 1, 1).Gather(indices);

    private static Shape Whole(AttentionShape shape, AttentionOptions options)
    {
        var batch = options.KeyLengths is not null || options.Pattern?.Sequences > 1 || Varies(options, 4) ? shape.Batch : 1;
        var heads = options.Slopes is not null || options.Pattern?.Heads > 1 || Varies(options, 3) ? shape.HeadCount : 1;
        return new Shape(batch, heads, shape.QueryLength, shape.KeyLength);
    }

    /// <summary>Whether the bias or the mask differs along an axis, which is counted from the end.</summary>
    private static bool Varies(AttentionOptions options, int fromEnd)
    {
        return Differs(options.Bias?.Shape) || Differs(options.Allowed?.Shape);

        bool Differs(Shape? mask) => mask is not null && mask.Rank >= fromEnd && mask[-fromEnd] > 1;
    }

    /// <summary>Checks the lengths on the CPU; on a GPU the table of numbers detects a length out of range.</summary>
    private static void CheckLengths(IndexTensor? lengths, int most)
    {
        if (lengths is null || lengths.Backend.Device.Kind != DeviceKind.Cpu)
            return;
        foreach (var length in lengths.ToArray())
        {
            if (length < 0 || length > most)
            {
                throw new ArgumentException($"Attention: key lengths should lie in [0, S] = [0, {most}]; got {length}.",
                    "options");
            }
        }
    }
}
