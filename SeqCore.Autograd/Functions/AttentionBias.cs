using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>All that an <see cref="AttentionOptions"/> adds to the scores, as one tensor made on the host: for the definition.</summary>
internal static class AttentionBias
{
    /// <returns>
    /// What to add, shape (B or 1, N or 1, T, S), null if nothing; and, if some query may attend to nothing, 1 or 0 for each query,
    /// shape (B or 1, N or 1, T, 1). The bias of such a query is 0, so that its softmax is a number.
    /// </returns>
    internal static (Tensor? Bias, Tensor? Alive) Build(AttentionShape shape, AttentionOptions options, Backend backend)
    {
        if (options is { IsCausal: false, Window: 0, KeyLengths: null, Bias: null, Allowed: null, Slopes: null })
            return (null, null);
        int t = shape.QueryLength, s = shape.KeyLength;
        var batch = options.KeyLengths is not null || Varies(options.Bias, 4) || Varies(options.Allowed, 4) ? shape.Batch : 1;
        var heads = options.Slopes is not null || Varies(options.Bias, 3) || Varies(options.Allowed, 3) ? shape.HeadCount : 1;
        var whole = new Shape(batch, heads, t, s);
        var bias = Values(options.Bias, whole) ?? new float[whole.ElementCount];
        var allowed = Values(options.Allowed, whole);
        var lengths = options.KeyLengths?.ToArray();
        foreach (var length in lengths ?? [])
        {
            if (length < 0 || length > s)
                throw new ArgumentException($"Attention: key lengths should lie in [0, S] = [0, {s}]; got {length}.", nameof(options));
        }

        var slopes = options.Slopes is null ? null : Values(options.Slopes, options.Slopes.Shape);
        var alive = new float[batch * heads * t];
        for (var row = 0; row < alive.Length; row++)
        {
            int position = s - t + (row % t), head = row / t % heads, of = row / t / heads;
            var scores = bias.AsSpan(row * s, s);
            for (var j = 0; j < s; j++)
            {
                var hidden = (options.IsCausal && j > position) || (options.Window > 0 && Math.Abs(position - j) >= options.Window)
                    || (lengths is not null && j >= lengths[of]) || (allowed is not null && allowed[(row * s) + j] == 0f);
                scores[j] = hidden ? float.NegativeInfinity : scores[j] - ((slopes?[head] ?? 0f) * Math.Abs(position - j));
                if (!float.IsNegativeInfinity(scores[j]))
                    alive[row] = 1f;
            }

            if (alive[row] == 0f)
                scores.Clear();
        }

        return (Tensor.FromSpan(bias, whole, backend), alive.Contains(0f) ? Tensor.FromSpan(alive, new Shape(batch, heads, t, 1), backend) : null);
    }

    private static bool Varies(Tensor? mask, int fromEnd) => mask is not null && mask.Rank >= fromEnd && mask.Shape[-fromEnd] > 1;

    private static float[]? Values(Tensor? mask, Shape shape)
    {
        using var whole = mask?.BroadcastTo(shape);
        return whole?.ToArray();
    }
}
