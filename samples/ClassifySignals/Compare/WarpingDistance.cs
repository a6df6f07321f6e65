using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Dynamic time warping: the distance of series whose steps may be stretched against each other, within a band of a tenth of the
/// length around the diagonal (Sakoe and Chiba, "Dynamic programming algorithm optimization for spoken word recognition", IEEE
/// Transactions on Acoustics, Speech, and Signal Processing 26(1), 1978).
/// </summary>
internal sealed class WarpingDistance : ISeriesDistance
{
    private const double Band = 0.1;

    /// <inheritdoc/>
    public float[] Prepare(TimeSeries series) => series.Values.ToArray();

    /// <inheritdoc/>
    public double Between(float[] one, float[] other, int channels, double atMost)
    {
        var (rows, columns) = (one.Length / channels, other.Length / channels);
        var reach = Math.Max(1, (int)Math.Ceiling(Band * Math.Max(rows, columns)));
        double limit = atMost * atMost, slope = (double)columns / rows;
        var (last, current) = (new double[columns + 1], new double[columns + 1]);
        Array.Fill(last, double.PositiveInfinity);
        last[0] = 0;
        for (var i = 0; i < rows; i++)
        {
            Array.Fill(current, double.PositiveInfinity);
            var (least, middle) = (double.PositiveInfinity, (int)(i * slope));
            for (var j = Math.Max(0, middle - reach); j <= Math.Min(columns - 1, middle + reach + (int)slope); j++)
            {
                var cost = 0.0;
                for (var c = 0; c < channels; c++)
                {
                    var difference = (double)one[(i * channels) + c] - other[(j * channels) + c];
                    cost += difference * difference;
                }

                current[j + 1] = cost + Math.Min(last[j], Math.Min(last[j + 1], current[j]));
                least = Math.Min(least, current[j + 1]);
            }

            // Paths only get longer.
            if (least > limit)
                return double.PositiveInfinity;
            (last, current) = (current, last);
        }

        return Math.Sqrt(last[columns]);
    }
}
