namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>The score of one sequence of tags: start, emissions, transitions and end.</summary>
    /// <param name="e">Shape (steps, K): the emissions of the row, within its length.</param>
    /// <param name="transitions">Shape (K, K).</param>
    /// <param name="start">Shape (K).</param>
    /// <param name="end">Shape (K).</param>
    /// <param name="tags">The tag of each step.</param>
    internal static double CrfScore(double[] e, double[] transitions, double[] start, double[] end, ReadOnlySpan<int> tags)
    {
        if (tags.IsEmpty)
            return 0;
        var k = start.Length;
        var score = start[tags[0]] + end[tags[^1]];
        for (var t = 0; t < tags.Length; t++)
            score += e[t * k + tags[t]] + (t == 0 ? 0 : transitions[tags[t - 1] * k + tags[t]]);
        return score;
    }

    /// <summary>
    /// log Z of one row and the probabilities of tags (steps, K) and of pairs of neighbours (K, K), the latter summed over the
    /// steps, by the forward-backward algorithm in log space.
    /// </summary>
    internal static (double LogZ, double[] Tags, double[] Pairs) Crf(double[] e, double[] transitions, double[] start,
        double[] end)
    {
        var k = start.Length;
        var steps = e.Length / k;
        double[] tags = new double[e.Length], pairs = new double[k * k];
        if (steps == 0)
            return (0, tags, pairs);
        double[] forward = new double[e.Length], backward = new double[e.Length];
        for (var t = 0; t < steps; t++)
        {
            for (var j = 0; j < k; j++)
            {
                forward[t * k + j] = e[t * k + j] + (t == 0 ? start[j]
                    : LogSum(k, i => forward[(t - 1) * k + i] + transitions[i * k + j]));
            }
        }

        for (var t = steps - 1; t >= 0; t--)
        {
            for (var i = 0; i < k; i++)
            {
                backward[t * k + i] = t == steps - 1 ? end[i]
                    : LogSum(k, j => transitions[i * k + j] + e[(t + 1) * k + j] + backward[(t + 1) * k + j]);
            }
        }

        var logZ = LogSum(k, j => forward[(steps - 1) * k + j] + end[j]);
        for (var t = 0; t < steps; t++)
        {
            for (var j = 0; j < k; j++)
            {
                tags[t * k + j] = Math.Exp(forward[t * k + j] + backward[t * k + j] - logZ);
                for (var i = 0; i < k && t > 0; i++)
                {
                    pairs[i * k + j] += Math.Exp(
                        forward[(t - 1) * k + i] + transitions[i * k + j] + e[t * k + j] + backward[t * k + j] - logZ);
                }
            }
        }

        return (logZ, tags, pairs);
    }

    /// <summary>log sum_i e^(x_i), and -infinity if all are.</summary>
    private static double LogSum(int count, Func<int, double> x)
    {
        var max = double.NegativeInfinity;
        for (var i = 0; i < count; i++)
            max = Math.Max(max, x(i));
        if (double.IsNegativeInfinity(max))
            return max;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += Math.Exp(x(i) - max);
        return max + Math.Log(sum);
    }
}
