namespace SeqCore.Benchmarks;

/// <summary>Compares what a rung computed with sums in double.</summary>
internal static class AttentionCheck
{
    private const int Samples = 32;

    /// <summary>Some queries, the first and the last among them: every rung has to agree with them.</summary>
    internal static void Check(AttentionRung rung, float[] y, Head head)
    {
        for (var s = 0; s < Samples; s++)
        {
            var i = (int)((long)s * (head.Length - 1) / (Samples - 1));
            var (weights, error) = Weights(head, i, rung.IsCausal ? i + 1 : head.Length);
            for (var c = 0; c < Head.Size; c++)
            {
                double sum = 0, magnitude = 0;
                for (var j = 0; j < weights.Length; j++)
                {
                    sum += weights[j] * head.Value(j)[c];
                    magnitude += weights[j] * Math.Abs(head.Value(j)[c]);
                }

                if (!(Math.Abs(y[(i * Head.Size) + c] - sum) <= magnitude * error))
                {
                    throw new InvalidOperationException(
                        $"{rung.Name}: element ({i}, {c}) is {y[(i * Head.Size) + c]}, expected {sum}.");
                }
            }
        }
    }

    /// <summary>
    /// The weights of a query, and how much float32 may err: a score by K units in the last place of the sum of its magnitudes,
    /// which moves a weight and the sum of all by as much, and a sum of n weights or products by n units of its own.
    /// </summary>
    private static (double[] Weights, double Error) Weights(Head head, int i, int keys)
    {
        const double Unit = 1.0 / (1 << 24);
        var weights = new double[keys];
        var magnitude = 0.0;
        for (var j = 0; j < keys; j++)
        {
            var sum = 0.0;
            for (var c = 0; c < Head.Size; c++)
            {
                weights[j] += (double)head.Query(i)[c] * head.Key(j)[c] * Head.Scale;
                sum += Math.Abs((double)head.Query(i)[c] * head.Key(j)[c] * Head.Scale);
            }

            magnitude = Math.Max(magnitude, sum);
        }

        var greatest = weights.Max();
        for (var j = 0; j < keys; j++)
            weights[j] = Math.Exp(weights[j] - greatest);
        var total = weights.Sum();
        for (var j = 0; j < keys; j++)
            weights[j] /= total;
        return (weights, 2 * Unit * ((Head.Size * magnitude) + keys + 4));
    }
}
