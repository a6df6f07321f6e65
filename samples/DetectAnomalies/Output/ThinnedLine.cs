using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Few enough points of a line for a chart.</summary>
internal static class ThinnedLine
{
    // About two points for each pixel: more would not be seen.
    private const int MostPoints = 1500;

    /// <summary>Returns of each bucket of steps the lowest and the highest value, so that no peak is lost.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="end">The step after the last one.</param>
    /// <param name="value">The value of each; NaN leaves a gap.</param>
    public static List<ChartPoint> Of(int first, int end, Func<int, double> value)
    {
        var (bucket, points) = (Math.Max(1, 2 * (end - first) / MostPoints), new List<ChartPoint>());
        for (var start = first; start < end; start += bucket)
        {
            var steps = Enumerable.Range(start, Math.Min(bucket, end - start)).Where(t => double.IsFinite(value(t))).ToList();
            if (steps.Count == 0)
            {
                points.Add(new ChartPoint(start, double.NaN));
                continue;
            }

            points.AddRange(new[] { steps.MinBy(value), steps.MaxBy(value) }.Distinct().Order()
                .Select(t => new ChartPoint(t, value(t))));
        }

        return points;
    }
}
