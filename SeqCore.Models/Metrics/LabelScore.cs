namespace SeqCore.Models;

/// <summary>How well one label, or all of them together, was predicted.</summary>
/// <param name="TruePositives">The number of cases that have the label and were given it.</param>
/// <param name="FalsePositives">The number of cases that do not have the label but were given it.</param>
/// <param name="FalseNegatives">The number of cases that have the label but were not given it.</param>
public readonly record struct LabelScore(long TruePositives, long FalsePositives, long FalseNegatives)
{
    /// <summary>The part of the predictions of the label that are right; 0 if there is none.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>The part of the cases of the label that were found; 0 if there is none.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; 0 if both are.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>The number of cases that have the label.</summary>
    public long Support => TruePositives + FalseNegatives;

    /// <summary>Adds the counts of two scores, as micro averages do.</summary>
    public static LabelScore operator +(LabelScore x, LabelScore y) => new(x.TruePositives + y.TruePositives,
        x.FalsePositives + y.FalsePositives, x.FalseNegatives + y.FalseNegatives);

    /// <summary>Adds the counts of two scores, as micro averages do.</summary>
    public static LabelScore Add(LabelScore x, LabelScore y) => x + y;

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
