namespace SeqCore.Models;

/// <summary>
/// The products of linear attention: y_i = sum_j f(q_i) f(k_j) v_j / sum_j f(q_i) f(k_j), where sums over keys come first, so
/// that their cost grows with the number of keys and not with its square.
/// </summary>
internal static class LinearProduct
{
    /// <summary>Steps of a chunk: within it, products are between all pairs; between chunks, sums are passed on.</summary>
    private const int Chunk = 64;

    /// <summary>Every query sees all keys.</summary>
    /// <param name="queries">The features of the queries, shape (B, N, T, F).</param>
    /// <param name="keys">The features of the keys, shape (B, N, S, F); 0 for a key that is hidden.</param>
    /// <param name="values">The values, shape (B, N, S, J).</param>
    internal static Variable Full(Variable queries, Variable keys, Variable values)
    {
        var sums = Variable.MatMul(keys.Transpose(-2, -1), values);
        var weights = keys.Sum(2, keepDimensions: true).Transpose(-2, -1);
        return Divide(Variable.MatMul(queries, sums), Variable.MatMul(queries, weights));
    }

    /// <summary>Query t sees the keys up to t, and those whose sums are given.</summary>
    /// <param name="queries">The features of the queries, shape (B, N, T, F).</param>
    /// <param name="keys">The features of the keys, shape (B, N, T, F); 0 for a key that is hidden.</param>
    /// <param name="values">The values, shape (B, N, T, J).</param>
    /// <param name="before">
    /// The sums over earlier keys of the products of features and values, shape (B, N, F, J), and of the features, shape (B, N,
    /// 1, F); null for no earlier keys.
    /// </param>
    internal static Variable Causal(Variable queries, Variable keys, Variable values, (Tensor Sums, Tensor Weights)? before)
    {
        var (batch, heads, steps) = (queries.Shape[0], queries.Shape[1], queries.Shape[2]);
        var length = Math.Min(Chunk, Math.Max(1, steps));
        var chunks = (steps + length - 1) / length;
        var (q, k, v) = (Chunked(queries), Chunked(keys), Chunked(values));
        var own = Variable.MatMul(q, k.Transpose(-2, -1)).LowerTriangle();
        Variable numerator = Variable.MatMul(own, v), denominator = own.Sum(-1, keepDimensions: true);
        if (chunks > 1)
        {
            // What the chunks before have left.
            var sums = Variable.MatMul(k.Transpose(-2, -1), v).CumulativeSum(2, exclusive: true);
            var weights = k.Sum(3, keepDimensions: true).CumulativeSum(2, exclusive: true);
            numerator += Variable.MatMul(q, sums);
            denominator += Variable.MatMul(q, weights.Transpose(-2, -1));
        }

        if (before is { } earlier)
        {
            numerator += Variable.MatMul(q, earlier.Sums.Unsqueeze(2));
            denominator += Variable.MatMul(q, earlier.Weights.Transpose(-2, -1).Unsqueeze(2));
        }

        var y = Divide(numerator, denominator).Reshape(batch, heads, chunks * length, values.Shape[3]);
        return chunks * length == steps ? y : y.Slice(2, 0, steps);

        // Shape (B, N, chunks, steps of a chunk, C), with zeros after the last step.
        Variable Chunked(Variable x)
        {
            var padded = chunks * length == steps ? x : x.Pad(2, 0, (chunks * length) - steps);
            return padded.Reshape(batch, heads, chunks, length, x.Shape[3]);
        }
    }

    /// <summary>The quotient; 0 for a query that sees no key.</summary>
    private static Variable Divide(Variable numerator, Variable denominator)
    {
        var sees = denominator.Value.NotEqualTo(0f);
        return Variable.Where(sees, numerator / Variable.Where(sees, denominator, 1f), 0f);
    }
}
