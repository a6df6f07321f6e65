namespace SeqCore.Models;

/// <summary>Scores that judge the order of cases by a score, whatever the threshold.</summary>
/// <example>
/// <code>
/// double[] scores = [0.1, 0.4, 0.35, 0.8];
/// bool[] isPositive = [false, false, true, true];
/// Console.WriteLine(RankingMetrics.RocArea(scores, isPositive));                      // 0.75
/// Console.WriteLine($"{RankingMetrics.AveragePrecision(scores, isPositive):0.000}");  // 0.833
/// </code>
/// </example>
public static class RankingMetrics
{
    /// <summary>
    /// Computes the area under the ROC curve: the probability that a positive case has a higher score than a negative one, where
    /// equal scores count one half (Hanley and McNeil, Radiology 143, 1982).
    /// </summary>
    /// <param name="scores">The score of each case, higher for positive ones; not NaN.</param>
    /// <param name="isPositive">Whether each case is positive.</param>
    /// <exception cref="ArgumentException">There are no positive or no negative cases, or a score is NaN.</exception>
    public static double RocArea(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        var curve = RocCurve(scores, isPositive);
        var area = 0.0;
        for (var i = 1; i < curve.Count; i++)
        {
            area += (curve[i].FalsePositiveRate - curve[i - 1].FalsePositiveRate)
                * (curve[i].TruePositiveRate + curve[i - 1].TruePositiveRate) / 2;
        }

        return area;
    }

    /// <summary>
    /// Computes the points of the ROC curve, from (0, 0) to (1, 1): a case counts as positive if its score is at least the
    /// threshold.
    /// </summary>
    /// <param name="scores">The score of each case, higher for positive ones; not NaN.</param>
    /// <param name="isPositive">Whether each case is positive.</param>
    /// <exception cref="ArgumentException">There are no positive or no negative cases, or a score is NaN.</exception>
    public static IReadOnlyList<RocPoint> RocCurve(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        var groups = Groups(scores, isPositive);
        double positives = groups.Sum(g => g.Positives), negatives = groups.Sum(g => g.Negatives);
        if (negatives == 0)
            throw new ArgumentException("RankingMetrics: at least one negative case is needed.", nameof(isPositive));
        var curve = new List<RocPoint> { new(double.PositiveInfinity, 0, 0) };
        var (right, wrong) = (0L, 0L);
        foreach (var (score, own, others) in groups)
        {
            right += own;
            wrong += others;
            curve.Add(new RocPoint(score, wrong / negatives, right / positives));
        }

        return curve;
    }

    /// <summary>
    /// Computes the average precision, the area under the precision-recall curve as a sum of steps without interpolation: the sum
    /// of (R_n - R_(n-1)) P_n over the thresholds, as in scikit-learn.
    /// </summary>
    /// <param name="scores">The score of each case, higher for positive ones; not NaN.</param>
    /// <param name="isPositive">Whether each case is positive.</param>
    /// <exception cref="ArgumentException">There is no positive case, or a score is NaN.</exception>
    public static double AveragePrecision(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        var groups = Groups(scores, isPositive);
        double positives = groups.Sum(g => g.Positives);
        var (right, all, area) = (0L, 0L, 0.0);
        foreach (var (_, own, others) in groups)
        {
            right += own;
            all += own + others;
            area += own / positives * right / all;
        }

        return area;
    }

    /// <summary>Returns how many positive and negative cases have each score, from the highest down.</summary>
    private static List<(double Score, int Positives, int Negatives)> Groups(IReadOnlyList<double> scores,
        IReadOnlyList<bool> isPositive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(isPositive);
        if (scores.Count != isPositive.Count)
        {
            throw new ArgumentException($"RankingMetrics: each case needs a score; got {scores.Count} scores of"
                + $" {isPositive.Count} cases.", nameof(isPositive));
        }

        if (scores.Any(double.IsNaN))
            throw new ArgumentException("RankingMetrics: a score is NaN.", nameof(scores));
        if (!isPositive.Contains(true))
            throw new ArgumentException("RankingMetrics: at least one positive case is needed.", nameof(isPositive));
        return [.. scores.Zip(isPositive).GroupBy(c => c.First).OrderByDescending(g => g.Key)
            .Select(g => (g.Key, g.Count(c => c.Second), g.Count(c => !c.Second)))];
    }
}

/// <summary>A point of a ROC curve.</summary>
/// <param name="Threshold">The score from which on a case counts as positive.</param>
/// <param name="FalsePositiveRate">The part of the negative cases that count as positive.</param>
/// <param name="TruePositiveRate">The part of the positive cases that count as positive.</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);
