using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>What a detector said of a series.</summary>
/// <param name="Series">The series.</param>
/// <param name="First">The first step that was judged.</param>
/// <param name="Points">What it said of each step from there on.</param>
/// <param name="Expected">What it expected of them, all channels at each step.</param>
/// <param name="Threshold">Its threshold.</param>
internal sealed record Detection(MarkedSeries Series, int First, AnomalyPoint[] Points, float[] Expected, double Threshold)
{
    /// <summary>The points that a score may fall below the threshold within one event.</summary>
    private const int WithinEvent = 12;

    /// <summary>The steps with an alarm.</summary>
    public IReadOnlyList<int> Alarms =>
        [.. Enumerable.Range(0, Points.Length).Where(i => Points[i].IsAnomaly).Select(i => First + i)];

    /// <summary>
    /// The score of each step for the benchmark: 0 where the detector did not judge, and where a higher score silences it.
    /// </summary>
    public double[] Scores
    {
        get
        {
            var scores = new double[Series.Values.Length];
            for (var i = 0; i < Points.Length; i++)
                scores[First + i] = Points[i].IsPeak ? Math.Max(0, Points[i].Score) : 0;
            return scores;
        }
    }

    /// <summary>Fits a detector on the normal part of a series.</summary>
    /// <exception cref="UserException">That part does not suffice; the message names the options that may help.</exception>
    public static void Fit(AnomalyDetector detector, MarkedSeries series, DetectorSettings settings,
        CancellationToken cancellation)
    {
        var (normal, source) = (series.NormalPart, $"{series.Source}, the first {series.Normal} rows");
        if (normal.Length < detector.FewestSteps)
        {
            throw new UserException($"{series.Source}: "
                + settings.TooFew(DetectorKind.Of(detector), detector.FewestSteps, series.Normal));
        }

        if (settings.TrainingRows(series.Normal) is < 2 and var left)
        {
            throw new UserException($"{source}: --held-out leaves {left} of them to train on. Give a smaller one, or a larger"
                + " --normal.");
        }

        for (var c = 0; c < normal.ChannelCount; c++)
        {
            if (normal.ChannelValues(c).Where(v => !float.IsNaN(v)).Distinct().Count() < 2)
            {
                throw new UserException($"{source}, column '{normal.Channels[c]}': its values do not change there, so nothing"
                    + " says what is usual. Give a larger --normal, name the other columns with --columns, or name this one"
                    + " with --label-column if it marks anomalies.");
            }
        }

        try
        {
            detector.Fit(normal, cancellation);
        }
        catch (DataSourceException few)
        {
            // What is left of the checks of a fit: too few of the rows have values.
            throw new UserException($"{source}: too few of them have values to choose a threshold by. Give a larger --normal or"
                + " --held-out.", cause: few);
        }
        catch (TrainingDivergedException diverged)
        {
            throw new UserException($"{source}: the training diverged, the loss is no finite number. Give a smaller"
                + " --learning-rate, or look for values that are far out.", cause: diverged);
        }

        if (detector.Threshold <= 0)
        {
            throw new UserException($"{source}: none of their errors stands out, so there is no threshold. Give a larger"
                + " --normal, or a smaller --short-term.");
        }
    }

    /// <summary>Fits a detector on the normal part of a series, and lets it judge the rest.</summary>
    public static Detection Of(AnomalyDetector detector, MarkedSeries series, DetectorSettings settings,
        CancellationToken cancellation)
    {
        Fit(detector, series, settings, cancellation);
        return Behind(detector, series, series.Normal, cancellation);
    }

    /// <summary>Lets a detector judge the steps from one on.</summary>
    public static Detection Behind(AnomalyDetector detector, MarkedSeries series, int first, CancellationToken cancellation)
    {
        var (values, channels) = (series.Values, series.Values.ChannelCount);
        var points = new AnomalyPoint[values.Length - first];
        var expected = new float[points.Length * channels];
        for (var i = 0; i < points.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            points[i] = detector.Observe(values.Values.Slice((first + i) * channels, channels),
                values.Start is null ? null : values.TimeAt(first + i));
            detector.Expected.CopyTo(expected.AsSpan(i * channels));
        }

        return new Detection(series, first, points, expected, detector.Threshold);
    }

    /// <summary>The events: each begins with an alarm, and lasts as long as scores reach the threshold again soon.</summary>
    public IReadOnlyList<AnomalyEvent> Events
    {
        get
        {
            var events = new List<AnomalyEvent>();
            for (var i = 0; i < Points.Length; i++)
            {
                if (!Points[i].IsAnomaly)
                    continue;
                var (start, last, peak) = (i, i, i);
                for (; i < Points.Length && i <= last + WithinEvent; i++)
                {
                    if (Points[i].Score < Threshold)
                        continue;
                    last = i;
                    if (Points[i].Score > Points[peak].Score)
                        peak = i;
                }

                i = last;
                events.Add(new AnomalyEvent(First + start, First + last, First + peak, Points[peak].Score, Points[peak].Channel));
            }

            return events;
        }
    }

    /// <summary>What was expected of a step.</summary>
    public ReadOnlySpan<float> ExpectedAt(int step)
    {
        var channels = Series.Values.ChannelCount;
        return Expected.AsSpan((step - First) * channels, channels);
    }
}

/// <summary>A run of unusual steps.</summary>
/// <param name="Start">The first step.</param>
/// <param name="End">The last step.</param>
/// <param name="Peak">The step with the highest score.</param>
/// <param name="Score">Its score.</param>
/// <param name="Channel">The channel with the largest part in that score.</param>
internal readonly record struct AnomalyEvent(int Start, int End, int Peak, double Score, int Channel);
