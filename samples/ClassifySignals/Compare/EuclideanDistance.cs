using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// The Euclidean distance of series, step by step. Series of different lengths are stretched to the median length first.
/// </summary>
internal sealed class EuclideanDistance : ISeriesDistance
{
    private readonly int length;

    /// <summary>Takes the median length of series for training.</summary>
    public EuclideanDistance(IReadOnlyList<LabelledSeries> training) =>
        length = training.Select(s => s.Series.Length).Order().ElementAt(training.Count / 2);

    /// <inheritdoc/>
    public float[] Prepare(TimeSeries series) => Resampling.To(series, length);

    /// <inheritdoc/>
    public double Between(float[] one, float[] other, int channels, double atMost)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            var difference = (double)one[i] - other[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
