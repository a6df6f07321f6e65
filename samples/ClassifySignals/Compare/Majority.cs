namespace SeqCore.Samples.ClassifySignals;

/// <summary>Predicts the most frequent label, whatever the series.</summary>
internal static class Majority
{
    /// <summary>Counts the labels.</summary>
    public static FittedContender Fit(Fitting fitting)
    {
        double[] shares =
            [.. fitting.Labels.Select(l => (double)fitting.Training.Count(s => s.Label == l) / fitting.Training.Count)];
        var prediction = new SignalPrediction(fitting.Labels[Array.IndexOf(shares, shares.Max())], shares);
        return new FittedContender(0, series => [.. series.Select(_ => prediction)]);
    }
}
