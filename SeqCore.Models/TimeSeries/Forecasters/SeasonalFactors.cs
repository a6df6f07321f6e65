namespace SeqCore.Models;

/// <summary>
/// The season of a series by classical decomposition: the mean ratio, or difference, of the values to their centred moving
/// average, for each step of the season; their own mean is 1, or 0.
/// </summary>
internal static class SeasonalFactors
{
    /// <param name="values">The values, of at least two seasons; NaN where one is missing.</param>
    /// <param name="season">The number of steps of a season, at least 2.</param>
    /// <param name="isAdditive">Whether to take differences.</param>
    internal static double[] Of(double[] values, int season, bool isAdditive)
    {
        var (sums, counts) = (new double[season], new int[season]);
        var half = season / 2;
        for (var t = half; t < values.Length - half; t++)
        {
            var average = CentredAverage(values, t, season);
            var part = isAdditive ? values[t] - average : values[t] / average;
            if (double.IsFinite(part))
            {
                sums[t % season] += part;
                counts[t % season]++;
            }
        }

        var neutral = isAdditive ? 0.0 : 1.0;
        double[] factors = [.. sums.Zip(counts, (s, n) => n > 0 ? s / n : neutral)];
        var mean = factors.Average();
        return [.. factors.Select(f => isAdditive ? f - mean : f / mean)];
    }

    /// <summary>Returns the mean of a season around a step; both ends count half if the season is even.</summary>
    private static double CentredAverage(double[] values, int step, int season)
    {
        var (half, sum) = (season / 2, 0.0);
        for (var i = -half; i <= half; i++)
            sum += values[step + i] * (season % 2 == 0 && Math.Abs(i) == half ? 0.5 : 1);
        return sum / season;
    }
}
