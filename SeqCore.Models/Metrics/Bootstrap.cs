namespace SeqCore.Models;

/// <summary>Estimates how far a score varies with the examples that it was computed from, by drawing them again.</summary>
public static class Bootstrap
{
    /// <summary>
    /// Computes the percentile interval of a score (Efron and Tibshirani, "An introduction to the bootstrap", 1993, section
    /// 13.3): the score of each of many samples of n examples, drawn with replacement, between the quantiles (1 - c) / 2 and (1 +
    /// c) / 2.
    /// </summary>
    /// <param name="count">The number of examples, n, at least 1.</param>
    /// <param name="score">Computes the score of the examples with these indices in [0, n).</param>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <param name="confidence">The part of the samples that lies in the interval, c, in (0, 1).</param>
    /// <param name="seed">The seed of the samples.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static ScoreInterval Interval(int count, Func<IReadOnlyList<int>, double> score, int samples = 1000,
        double confidence = 0.95, ulong seed = 1)
    {
        Argument.AtLeast(count, nameof(Bootstrap), nameof(count));
        ArgumentNullException.ThrowIfNull(score);
        Argument.AtLeast(samples, nameof(Bootstrap), nameof(samples));
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence,
                $"{nameof(Bootstrap)}: confidence should be in (0, 1).");
        }

        var random = new RandomGenerator(seed);
        int[] rows = [.. Enumerable.Range(0, count)];
        var whole = score(rows);
        var scores = new double[samples];
        for (var s = 0; s < samples; s++)
        {
            for (var i = 0; i < count; i++)
                rows[i] = random.NextInt32(count);
            scores[s] = score(rows);
        }

        Array.Sort(scores);
        return new ScoreInterval(whole, Quantile(scores, (1 - confidence) / 2), Quantile(scores, (1 + confidence) / 2));
    }

    /// <summary>Interpolates linearly between the sorted values, as NumPy's percentile does.</summary>
    private static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var low = (int)place;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + ((sorted[high] - sorted[low]) * (place - low));
    }
}
