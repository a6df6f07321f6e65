namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// Attention of one head of one sequence, with the whole matrix of weights: w_i is the softmax of the scores
    /// s_ij = scale q_i k_j + bias_ij, y_i = sum_j w_ij kept_ij v_j and logSumExp_i = log sum_j e^s_ij. With a cap,
    /// s_ij = cap tanh(scale q_i k_j / cap) + bias_ij. A query that sees no key gives zeros and minus infinity.
    /// </summary>
    /// <param name="q">Shape (T, K).</param>
    /// <param name="k">Shape (S, K).</param>
    /// <param name="v">Shape (S, J).</param>
    /// <param name="bias">Shape (T, S): <see cref="AttentionBias"/>.</param>
    /// <param name="kept">Shape (T, S): <see cref="DropoutFactor"/> of each weight.</param>
    /// <param name="scale">Factor of q k.</param>
    /// <param name="cap">The cap of the scaled products; 0 for none.</param>
    /// <param name="size">K, elements of a head of the queries and keys.</param>
    /// <param name="valueSize">J, elements of a head of the values.</param>
    internal static (double[] Y, double[] LogSumExp) Attention(ReadOnlySpan<double> q, ReadOnlySpan<double> k,
        ReadOnlySpan<double> v, ReadOnlySpan<double> bias, ReadOnlySpan<double> kept, double scale, double cap, int size,
        int valueSize)
    {
        int queries = q.Length / size, keys = k.Length / size;
        var y = new double[queries * valueSize];
        var (w, _, logSumExp) = AttentionWeights(q, k, bias, scale, cap, size);
        for (var i = 0; i < queries; i++)
        {
            for (var j = 0; j < keys; j++)
            {
                for (var e = 0; e < valueSize; e++)
                    y[(i * valueSize) + e] += w[(i * keys) + j] * kept[(i * keys) + j] * v[(j * valueSize) + e];
            }
        }

        return (y, logSumExp);
    }

    /// <summary>
    /// The gradients of <see cref="Attention"/>: dV = (w kept)' dY, dW = kept (dY v'), through the softmax
    /// dS = w (dW - sum_j w dW), and dQ = scale dS k, dK = scale dS' q; with a cap, dS times its derivative,
    /// 1 - tanh(scale q k / cap)^2.
    /// </summary>
    internal static (double[] DQuery, double[] DKey, double[] DValue) AttentionGradient(ReadOnlySpan<double> q,
        ReadOnlySpan<double> k, ReadOnlySpan<double> v, ReadOnlySpan<double> bias, ReadOnlySpan<double> kept, double scale,
        double cap, int size, int valueSize, ReadOnlySpan<double> dY)
    {
        int queries = q.Length / size, keys = k.Length / size;
        double[] dQ = new double[q.Length], dK = new double[k.Length], dV = new double[v.Length];
        var (w, slopes, _) = AttentionWeights(q, k, bias, scale, cap, size);
        for (var i = 0; i < queries; i++)
        {
            var weights = w.AsSpan(i * keys, keys);
            var dWeights = new double[keys];
            for (var j = 0; j < keys; j++)
            {
                var factor = kept[(i * keys) + j];
                dWeights[j] = factor * Dot(dY.Slice(i * valueSize, valueSize), v.Slice(j * valueSize, valueSize));
                for (var e = 0; e < valueSize; e++)
                    dV[(j * valueSize) + e] += weights[j] * factor * dY[(i * valueSize) + e];
            }

            var dScores = SoftmaxGradient(weights, dWeights);
            for (var j = 0; j < keys; j++)
            {
                var dProduct = scale * slopes[(i * keys) + j] * dScores[j];
                for (var e = 0; e < size; e++)
                {
                    dQ[(i * size) + e] += dProduct * k[(j * size) + e];
                    dK[(j * size) + e] += dProduct * q[(i * size) + e];
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

    /// <summary>The weights, the derivatives of the scores by the scaled products, and the logarithms of the sums.</summary>
    private static (double[] Weights, double[] Slopes, double[] LogSumExp) AttentionWeights(ReadOnlySpan<double> q,
        ReadOnlySpan<double> k, ReadOnlySpan<double> bias, double scale, double cap, int size)
    {
        int queries = q.Length / size, keys = k.Length / size;
        double[] weights = new double[queries * keys], slopes = new double[queries * keys], logSumExp = new double[queries];
        for (var i = 0; i < queries; i++)
        {
            var row = weights.AsSpan(i * keys, keys);
            for (var j = 0; j < keys; j++)
            {
                var product = scale * Dot(q.Slice(i * size, size), k.Slice(j * size, size));
                var tanh = cap > 0 ? Math.Tanh(product / cap) : 0;
                row[j] = (cap > 0 ? cap * tanh : product) + bias[(i * keys) + j];
                slopes[(i * keys) + j] = 1 - (tanh * tanh);
            }

            logSumExp[i] = LogSumExp(row);
            for (var j = 0; j < keys; j++)
                row[j] = double.IsNegativeInfinity(logSumExp[i]) ? 0 : Math.Exp(row[j] - logSumExp[i]);
        }

        return (weights, slopes, logSumExp);
    }
}
