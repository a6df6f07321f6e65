using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>Predicts the label of the series for training that is the most similar one.</summary>
internal static class NearestNeighbour
{
    /// <summary>Keeps the series, scaled by their mean and deviation.</summary>
    /// <param name="fitting">The series.</param>
    /// <param name="distance">How similarity is measured.</param>
    public static FittedContender Fit(Fitting fitting, ISeriesDistance distance)
    {
        var scaler = Scaler(fitting.Training);
        (float[] Values, int Label)[] known =
            [.. fitting.Training.Select(s => (distance.Prepare(scaler.Apply(s.Series)), Place(fitting.Labels, s.Label!)))];
        return new FittedContender(0, series => [.. series.Select(s =>
        {
            fitting.Cancellation.ThrowIfCancellationRequested();
            return Nearest(distance, known, distance.Prepare(scaler.Apply(s)), fitting);
        })]);
    }

    /// <summary>The scaling of the channels by series for training.</summary>
    public static ChannelScaler Scaler(IReadOnlyList<LabelledSeries> training) => ChannelScaler.Fit(
        new TimeSeries([.. training.SelectMany(s => s.Series.Values.ToArray())], training[0].Series.Channels));

    private static SignalPrediction Nearest(ISeriesDistance distance, (float[] Values, int Label)[] known, float[] own,
        Fitting fitting)
    {
        var channels = fitting.Training[0].Series.ChannelCount;
        var nearest = new double[fitting.Labels.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        foreach (var (values, label) in known)
            nearest[label] = Math.Min(nearest[label], distance.Between(values, own, channels, atMost: nearest[label]));

        // A label is the more likely, the farther the nearest series of all others is in comparison.
        double[] scores = [.. nearest.Select((d, i) => Others(i) is var other && other + d > 0 ? other / (other + d) : 0.5)];
        return new SignalPrediction(fitting.Labels[Array.IndexOf(nearest, nearest.Min())],
            [.. scores.Select(s => double.IsNaN(s) ? 1 : s)]);

        double Others(int label) => nearest.Where((_, i) => i != label).Min();
    }

    private static int Place(IReadOnlyList<string> labels, string label) =>
        Enumerable.Range(0, labels.Count).First(i => labels[i] == label);
}
