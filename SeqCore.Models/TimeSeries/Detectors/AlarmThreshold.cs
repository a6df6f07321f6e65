namespace SeqCore.Models;

/// <summary>Chooses the threshold of a detector from the scores of normal data.</summary>
/// <example>
/// <code>
/// double[] scores = [.. Enumerable.Range(1, 1000).Select(i => i / 1000.0)];
/// Console.WriteLine($"{AlarmThreshold.Of(scores, falseAlarmRate: 0.1):0.000}");                        // 0.901
/// Console.WriteLine($"{AlarmThreshold.RatePerWeek(1, TimeSpan.FromMinutes(5)):0.00000}");              // 0.00050
/// </code>
/// </example>
public static class AlarmThreshold
{
    private const double MostAlarms = 0.1, Tail = 0.05;
    private const int FewestScores = 20;

    /// <summary>
    /// Returns the threshold that a part of the scores of normal data reaches. Where that part is smaller than a twentieth, the
    /// scores above their 95 % quantile are continued as an exponential distribution: few scores say little of rare ones, and
    /// their largest is a poor guess.
    /// </summary>
    /// <param name="normalScores">The scores of normal data that the detector was not trained on, at least 20, finite.</param>
    /// <param name="falseAlarmRate">The part that should reach the threshold, above 0 and at most 0.1.</param>
    /// <exception cref="DataSourceException">There are too few scores.</exception>
    public static double Of(IReadOnlyCollection<double> normalScores, double falseAlarmRate)
    {
        ArgumentNullException.ThrowIfNull(normalScores);
        CheckRate(falseAlarmRate, nameof(AlarmThreshold), nameof(falseAlarmRate));
        if (normalScores.Count < FewestScores)
        {
            throw new DataSourceException($"A threshold needs the scores of at least {FewestScores} normal points that were held"
                + $" out; there are {normalScores.Count}. Use more normal data, or hold out a larger part of them.");
        }

        double[] sorted = [.. normalScores.Select(s => Argument.Finite(s, nameof(AlarmThreshold), nameof(normalScores))).Order()];
        if (falseAlarmRate >= Tail)
            return sorted[sorted.Length - Math.Max(1, (int)(falseAlarmRate * sorted.Length))];
        var above = Math.Max(1, (int)(Tail * sorted.Length));
        var start = sorted[sorted.Length - 1 - above];
        var excess = sorted.Skip(sorted.Length - above).Average(s => s - start);
        return start + (excess * Math.Log(above / (falseAlarmRate * sorted.Length)));
    }

    /// <summary>Returns the part of points that is a number of false alarms a week.</summary>
    /// <param name="alarms">The number of false alarms a week, above 0.</param>
    /// <param name="interval">The time between two points.</param>
    public static double RatePerWeek(double alarms, TimeSpan interval)
    {
        Argument.Positive(alarms, nameof(AlarmThreshold), nameof(alarms));
        if (interval <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(interval), interval,
                "AlarmThreshold: the time between two points should be above zero.");
        }

        return alarms * interval.Ticks / TimeSpan.FromDays(7).Ticks;
    }

    internal static double CheckRate(double rate, string owner, string name) => rate > 0 && rate <= MostAlarms
        ? rate
        : throw new ArgumentOutOfRangeException(name, rate, $"{owner}: {name} should be above 0 and at most {MostAlarms}.");
}
