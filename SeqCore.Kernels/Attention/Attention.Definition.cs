namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// Attention of one head of one sequence, with the whole matrix of weights: w_i is the softmax of the scores
    /// s_ij = scale q_i k_j + bias_ij, y_i = sum_j w_ij kept_ij v_j and logSumExp_i = log sum_j e^s_ij. A query that sees no key
    /// gives zeros and minus infinity.
    /// </summary>
    /// <param name="q">Shape (T, K).</param>
    /// <param name="k">Shape (S, K).</param>
    /// <param name="v">Shape (S, K).</param>
    /// <param name="bias">Shape (T, S): <see cref="AttentionBias"/>.</param>
    /// <param name="kept">Shape (T, S): <see cref="DropoutFactor"/> of each weight.</param>
    /// <param name="scale">Factor of q k.</param>
    /// <param name="size">K, elements of a head.</param>
    internal static (double[] Y, double[] LogSumExp) Attention(ReadOnlySpan<double> q, ReadOnlySpan<double> k,
        ReadOnlySpan<double> v, ReadOnlySpan<double> bias, ReadOnlySpan<double> kept, double scale, int size)
    {
        int queries = q.Length / size, keys = k.Length / size;
        var y = new double[queries * size];
        var (w, logSumExp) = AttentionWeights(q, k, bias, scale, size);
        for (var i = 0; i < queries; i++)
        {
            for (var j = 0; j < keys; j++)
            {
                for (var e = 0; e < size; e++)
                    y[(i * size) + e] += w[(i * keys) + j] * kept[(i * keys) + j] * v[(j * size) + e];
            }
        }

        return (y, logSumExp);
    }

    /// <summary>
    /// The gradients of <see cref="Attention"/>: dV = (w kept)' dY, dW = kept (dY v'), through the softmax
    /// dS = w (dW - sum_j w dW), and dQ = scale dS k, dK = scale dS' q.
    /// </summary>
    internal static (double[] DQuery, double[] DKey, double[] DValue) AttentionGradient(ReadOnlySpan<double> q,
        ReadOnlySpan<double> k, ReadOnlySpan<double> v, ReadOnlySpan<double> bias, ReadOnlySpan<double> kept, double scale,
        int size, ReadOnlySpan<double> dY)
    {
        int queries = q.Length / size, keys = k.Length / size;
        double[] dQ = new double[q.Length], dK = new double[k.Length], dV = new double[v.Length];
        var (w, _) = AttentionWeights(q, k, bias, scale, size);
        for (var i = 0; i < queries; i++)
        {
            var weights = w.AsSpan(i * keys, keys);
            var dWeights = new double[keys];
            for (var j = 0; j < keys; j++)
            {
                var factor = kept[(i * keys) + j];
                dWeights[j] = factor * Dot(dY.Slice(i * size, size), v.Slice(j * size, size));
                for (var e = 0; e < size; e++)
                    dV[(j * size) + e] += weights[j] * factor * dY[(i * size) + e];
            }

            var dScores = SoftmaxGradient(weights, dWeights);
            for (var j = 0; j < keys; j++)
            {
                for (var e = 0; e < size; e++)
                {
                    dQ[(i * size) + e] += scale * dScores[j] * k[(j * size) + e];
                    dK[(j * size) + e] += scale * dScores[j] * q[(i * size) + e];
                }
            }
        }

        return (dQ, dK, dV);
    }

    /// <summary>
    /// What is added to the scores of one head of one sequence, shape (T, S): the mask less slope |p - j| for query i at position
    /// p = offset + i, and minus infinity for the keys that it does not see.
    /// </summary>
    /// <param name="queries">T</param>
    /// <param name="keys">S</param>
    /// <param name="offset">Position of the first query less that of the first key.</param>
    /// <param name="isCausal">Whether keys after the query are hidden: j &lt;= p.</param>
    /// <param name="window">Only keys with |p - j| &lt; window are seen; 0 for no limit.</param>
    /// <param name="length">Keys from this one on are hidden.</param>
    /// <param name="slope">What a score loses for each step of distance (ALiBi).</param>
    /// <param name="mask">Shape (T, S), or empty for 0.</param>
    internal static double[] AttentionBias(int queries, int keys, int offset, bool isCausal, int window, int length,
        double slope, ReadOnlySpan<double> mask)
    {
        var bias = new double[queries * keys];
        for (var i = 0; i < queries; i++)
        {
            for (var j = 0; j < keys; j++)
            {
                var distance = Math.Abs(offset + i - j);
                var isHidden = (isCausal && j > offset + i) || (window > 0 && distance >= window) || j >= length;
                bias[(i * keys) + j] = isHidden
                    ? double.NegativeInfinity
                    : (mask.IsEmpty ? 0 : mask[(i * keys) + j]) - (slope * distance);
            }
        }

        return bias;
    }

    private static (double[] Weights, double[] LogSumExp) AttentionWeights(ReadOnlySpan<double> q, ReadOnlySpan<double> k,
        ReadOnlySpan<double> bias, double scale, int size)
    {
        int queries = q.Length / size, keys = k.Length / size;
        double[] weights = new double[queries * keys], logSumExp = new double[queries];
        for (var i = 0; i < queries; i++)
        {
            var row = weights.AsSpan(i * keys, keys);
            for (var j = 0; j < keys; j++)
                row[j] = (scale * Dot(q.Slice(i * size, size), k.Slice(j * size, size))) + bias[(i * keys) + j];
            logSumExp[i] = LogSumExp(row);
            for (var j = 0; j < keys; j++)
                row[j] = double.IsNegativeInfinity(logSumExp[i]) ? 0 : Math.Exp(row[j] - logSumExp[i]);
        }

        return (weights, logSumExp);
    }
}
