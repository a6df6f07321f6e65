using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// The 95 % interval of a share of right answers (E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", Journal of the American Statistical Association 22(158), 1927). It has a width where all answers are right, which
/// bootstrap samples have not: 5 of 5 give [0.57, 1].
/// </summary>
internal static class WilsonInterval
{
    // The standard normal distribution has 2.5 % above.
    private const double Quantile = 1.959963984540054;

    /// <summary>Computes the interval.</summary>
    /// <param name="right">The number of right answers.</param>
    /// <param name="count">The number of answers, n, at least 1.</param>
    public static ScoreInterval Of(int right, int count)
    {
        var (share, square) = ((double)right / count, Quantile * Quantile / count);
        var middle = (share + (square / 2)) / (1 + square);
        var half = Math.Sqrt((share * (1 - share) * square) + (square * square / 4)) / (1 + square);
        return new ScoreInterval(share, Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
