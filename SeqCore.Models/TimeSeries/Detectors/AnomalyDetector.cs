namespace SeqCore.Models;

/// <summary>
/// Finds anomalies in a stream: it is fitted on normal data, which also choose its threshold, and then judges point by point, in
/// memory that does not grow. It is saved with everything that the next point needs.
/// </summary>
/// <remarks>
/// A point with a missing value in all channels is not judged and gives no alarm; one with some is judged by the others. A gap
/// in time is observed as missing points. After a long gap, of at least <see cref="WarmUpSteps"/> missing points, a detector
/// warms up again: it forgets the points before, and as many points are not judged. A whole series is observed point by point,
/// so its scores are bit for bit those of a stream. One thread at a time may use a detector.
/// </remarks>
/// <example>
/// <code>
/// float[] waves = [.. Enumerable.Range(0, 2000).Select(t => MathF.Sin(t * 0.3f) + (0.1f * MathF.Sin(t * t)))];
/// waves[1700] = 4;
/// var series = new TimeSeries(waves);
/// using var detector = new SmoothingDetector(channels: 1);
/// detector.Fit(series.Slice(0, 1500));
/// var step = 1500;
/// while (!detector.Observe(series[step, 0]).IsAnomaly)
///     step++;
/// Console.WriteLine($"first alarm at step {step}");                      // first alarm at step 1700
/// </code>
/// </example>
public abstract class AnomalyDetector : Model
{
    private const int LongestGap = 100;
    private readonly RecentPeak peak;
    private readonly float[] expected, one, missing;
    private IReadOnlyList<string> names = [];
    private SamplingInterval? interval;
    private DateTime? next;
    private double threshold = double.PositiveInfinity;
    private long missingSteps;
    private int warmUpLeft;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="alarm">When it gives an alarm.</param>
    protected AnomalyDetector(int channels, AlarmOptions alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        alarm.Check(Kind);
        (ChannelCount, Alarm) = (Argument.AtLeast(channels, Kind, nameof(channels)), alarm);
        peak = new RecentPeak(alarm.QuietSteps);
        (expected, one, missing) = (new float[channels], new float[1], new float[channels]);
        Array.Fill(missing, float.NaN);
        Array.Fill(expected, float.NaN);
    }

    /// <summary>The number of channels, C.</summary>
    public int ChannelCount { get; }

    /// <summary>When it gives an alarm.</summary>
    public AlarmOptions Alarm { get; }

    /// <summary>Whether it has been fitted, or loaded from a file.</summary>
    public bool IsFitted { get; private set; }

    /// <summary>
    /// The score from which on a peak is an anomaly. <see cref="Fit"/> chooses it from normal data; another one may be set
    /// afterwards.
    /// </summary>
    public double Threshold
    {
        get => threshold;
        set => threshold = double.IsNaN(value)
            ? throw new ArgumentOutOfRangeException(nameof(value), value, $"{Kind}: the threshold should not be NaN.")
            : value;
    }

    /// <summary>
    /// What was expected of the point that was observed last, a value for each channel; NaN where nothing was. The next point
    /// overwrites it.
    /// </summary>
    public ReadOnlySpan<float> Expected => expected;

    /// <summary>The names, the times and the interval of the series; null before it is fitted.</summary>
    public ForecastFrame? Frame => IsFitted
        ? ForecastFrame.At(names, next, interval)
        : null;

    /// <summary>The fewest steps of normal data that it can be fitted on.</summary>
    public virtual int FewestSteps => 100;

    /// <summary>
    /// The number of points that it has to see before it can judge one, W. As many missing points in a row are a long gap, after
    /// which it warms up again. 0, the default, for a detector that takes gaps as they come.
    /// </summary>
    public virtual int WarmUpSteps => 0;

    /// <summary>Whether the point that is judged is one of the W after a long gap, which give no score.</summary>
    protected bool IsWarmingUp { get; private set; }

    /// <summary>
    /// The channel with the largest part in the score of the point that is judged; <see cref="Judge"/> sets it. It is -1 before.
    /// </summary>
    protected int WorstChannel { get; set; } = -1;

    /// <summary>
    /// Fits it on normal data: trains it on their beginning, and chooses the threshold by the scores of the rest
    /// (<see cref="AlarmOptions.HeldOut"/>). The next point is the one after them.
    /// </summary>
    /// <param name="normal">A series without anomalies, or with so few that they are lost among the rest.</param>
    /// <param name="cancellation">Ends the fit.</param>
    /// <exception cref="DataSourceException">
    /// The series is too short, or a channel is constant or has no value; the message names it.
    /// </exception>
    /// <exception cref="OperationCanceledException">The fit was ended; the detector has to be fitted again.</exception>
    public void Fit(TimeSeries normal, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(normal);
        RequireUsable(normal);
        var training = normal.Length - Math.Max(1, (int)Math.Round(Alarm.HeldOut * normal.Length));
        if (training < 2)
        {
            throw new DataSourceException($"{Kind}: to hold {Alarm.HeldOut} of {normal.Length} steps out leaves {training} to"
                + $" train on. Make {nameof(AlarmOptions)}.{nameof(AlarmOptions.HeldOut)} smaller, or use more data.");
        }

        IsFitted = false;
        FitTo(normal, training, cancellation);
        ResetStream();
        peak.Reset();
        (missingSteps, warmUpLeft) = (0, 0);
        var scores = new List<double>();
        for (var step = 0; step < normal.Length; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var point = Take(Row(normal, step));
            if (step >= training && !double.IsNaN(point.Error))
                scores.Add(point.Score);
        }

        threshold = AlarmThreshold.Of(scores, Alarm.FalseAlarmRate);
        peak.Reset();
        (names, interval, next) = (normal.Channels, normal.Interval, normal.Start is null ? null : normal.TimeAt(normal.Length));
        IsFitted = true;
    }

    /// <summary>Judges the next point of a series of one channel.</summary>
    /// <param name="value">The value; NaN if it is missing.</param>
    /// <param name="time">Its time, as for <see cref="Observe(ReadOnlySpan{float}, DateTime?)"/>.</param>
    public AnomalyPoint Observe(float value, DateTime? time = null)
    {
        one[0] = value;
        return Observe(one, time);
    }

    /// <summary>Judges the next point.</summary>
    /// <param name="values">The value of each channel; NaN for missing ones.</param>
    /// <param name="time">
    /// Its time, by which a gap before it is found; null if it follows the last point. It need not be on the grid of the
    /// interval.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are not as many values as channels, one is infinite, or the time is not after that of the last point; nothing has
    /// been observed then.
    /// </exception>
    /// <exception cref="InvalidOperationException">It has not been fitted.</exception>
    public AnomalyPoint Observe(ReadOnlySpan<float> values, DateTime? time = null)
    {
        RequireFitted();
        if (values.Length != ChannelCount)
        {
            throw new ArgumentException($"{Kind}: a point has {Counted.Of(ChannelCount, "value")}; got {values.Length}.",
                nameof(values));
        }

        foreach (var value in values)
        {
            if (float.IsInfinity(value))
                throw new ArgumentException($"{Kind}: a value is infinite; one that is missing should be NaN.", nameof(values));
        }

        if (time is { } at)
            PassGap(at);
        return Take(values);
    }

    /// <summary>Judges the points of a series, one after the other.</summary>
    /// <param name="later">
    /// A series of the same channels. If it has times, its first point is after the last that was observed, and a gap between
    /// them is observed as missing points.
    /// </param>
    /// <param name="cancellation">Ends the work; the points before have been observed.</param>
    public AnomalyPoint[] Observe(TimeSeries later, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(later);
        RequireFitted();
        var points = new AnomalyPoint[later.Length];
        for (var step = 0; step < points.Length; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            points[step] = Observe(Row(later, step), step == 0 && later.Start is { } start ? start : null);
        }

        return points;
    }

    /// <summary>Loads a detector of any kind of this library.</summary>
    /// <param name="path">The path of a file or folder, as for <see cref="ModelFile.Open"/>.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another kind.</exception>
    public static AnomalyDetector Load(string path)
    {
        using var file = ModelFile.Open(path);
        return Load(file);
    }

    /// <summary>Makes the detector that a file holds.</summary>
    /// <param name="file">The open file.</param>
    /// <exception cref="CheckpointException">It holds another kind.</exception>
    public static AnomalyDetector Load(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind switch
        {
            RecurrentDetector.KindName => file.Make(file.Kind, RecurrentDetector.Create),
            AutoencoderDetector.KindName => file.Make(file.Kind, AutoencoderDetector.Create),
            SmoothingDetector.KindName => file.Make(file.Kind, SmoothingDetector.Create),
            WindowedGaussianDetector.KindName => file.Make(file.Kind, WindowedGaussianDetector.Create),
            _ => throw file.OtherKind(RecurrentDetector.KindName, AutoencoderDetector.KindName, SmoothingDetector.KindName,
                WindowedGaussianDetector.KindName),
        };
    }

    /// <summary>Trains it. The scores of the steps after choose the threshold, and may choose among trained weights.</summary>
    /// <param name="normal">The normal data, with at least two different values in each channel.</param>
    /// <param name="training">The number of steps, at the beginning, that may be trained on.</param>
    /// <param name="cancellation">Ends the fit.</param>
    protected abstract void FitTo(TimeSeries normal, int training, CancellationToken cancellation);

    /// <summary>Judges the next point, and learns from it what the one after needs.</summary>
    /// <param name="values">The values, NaN where missing; not infinite.</param>
    /// <param name="expected">Receives what was expected, NaN where nothing was.</param>
    /// <returns>The score and the error; NaN for both if the point cannot be judged.</returns>
    protected abstract (double Score, double Error) Judge(ReadOnlySpan<float> values, Span<float> expected);

    /// <summary>Forgets the stream, as before the first point of the normal data.</summary>
    protected abstract void ResetStream();

    /// <summary>
    /// Forgets the points before a long gap, so far as they say what comes next; what is usual stays. Does nothing by default.
    /// </summary>
    protected virtual void Restart()
    {
    }

    /// <summary>Writes what is kept from point to point.</summary>
    /// <param name="state">The state to write to.</param>
    protected abstract void WriteStream(DetectorState state);

    /// <summary>Reads what <see cref="WriteStream"/> wrote.</summary>
    /// <param name="state">The state to read from.</param>
    protected abstract void ReadStream(DetectorState state);

    /// <summary>Returns everything that a file has to hold beside weights and options.</summary>
    protected DetectorSnapshot TakeSnapshot()
    {
        var state = new DetectorState();
        peak.Write(state);
        WriteStream(state);
        return new DetectorSnapshot(Frame, threshold, state.Values, missingSteps, warmUpLeft);
    }

    /// <summary>Continues where a snapshot was taken.</summary>
    /// <param name="snapshot">The snapshot of a detector with the same options.</param>
    /// <exception cref="FormatException">It belongs to another detector.</exception>
    protected void Restore(DetectorSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var state = new DetectorState(snapshot.State);
        peak.Read(state);
        ReadStream(state);
        state.RequireEnd();
        Threshold = snapshot.Threshold;
        if (snapshot.MissingSteps < 0 || snapshot.WarmUpLeft < 0 || snapshot.WarmUpLeft > WarmUpSteps)
            throw new FormatException("its steps of a gap or of warming up are out of range.");
        (missingSteps, warmUpLeft) = (snapshot.MissingSteps, snapshot.WarmUpLeft);
        if (snapshot.Frame is not { } frame)
            return;
        if (frame.Channels.Count != ChannelCount)
            throw new FormatException($"it has {ChannelCount} channels, but names of {frame.Channels.Count}.");
        (names, next, interval, IsFitted) = (frame.Channels, frame.Next, frame.Interval, true);
    }

    private static ReadOnlySpan<float> Row(TimeSeries series, int step) =>
        series.Values.Slice(step * series.ChannelCount, series.ChannelCount);

    private AnomalyPoint Take(ReadOnlySpan<float> values)
    {
        var isMissing = IsMissing(values);
        if (!isMissing && WarmUpSteps > 0 && missingSteps >= WarmUpSteps)
        {
            Restart();
            warmUpLeft = WarmUpSteps;
        }

        missingSteps = isMissing ? missingSteps + 1 : 0;
        IsWarmingUp = !isMissing && warmUpLeft > 0;
        WorstChannel = -1;
        var (score, error) = (double.NaN, double.NaN);

        // Within a long gap there is nothing to learn: what is kept from point to point is forgotten after it.
        if (isMissing && WarmUpSteps > 0 && missingSteps > WarmUpSteps)
            expected.AsSpan().Fill(float.NaN);
        else
            (score, error) = Judge(values, expected);
        if (next is { } now)
            next = interval!.Value.Add(now, 1);
        if (IsWarmingUp)
            warmUpLeft--;
        if (IsWarmingUp || double.IsNaN(score))
        {
            peak.Skip();
            return new AnomalyPoint(0, double.NaN, IsPeak: false, IsAnomaly: false) { Channel = -1 };
        }

        var isPeak = peak.Add(score);
        return new AnomalyPoint(score, error, isPeak, isPeak && score >= threshold) { Channel = WorstChannel };
    }

    private static bool IsMissing(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsNaN(value))
                return false;
        }

        return true;
    }

    /// <summary>Observes the missing points before a time; from then on the next point is at that time.</summary>
    private void PassGap(DateTime time)
    {
        if (next is not { } due || interval is not { } step)
            return;
        if (time <= step.Add(due, -1))
        {
            throw new ArgumentException($"{Kind}: the time {time:yyyy-MM-dd HH:mm:ss} is not after that of the last point,"
                + $" {step.Add(due, -1):yyyy-MM-dd HH:mm:ss}.", nameof(time));
        }

        var gap = Math.Max(0, step.Months > 0
            ? (((time.Year - due.Year) * 12) + time.Month - due.Month) / step.Months
            : (long)Math.Round((double)(time - due).Ticks / step.Duration.Ticks));

        // What a gap does is done by then; the rest only has to be counted.
        var taken = Math.Min(gap, Math.Max(LongestGap, WarmUpSteps));
        for (var i = 0; i < taken; i++)
            Take(missing);
        peak.Skip(gap - taken);
        missingSteps += gap - taken;
        next = time;
    }

    private void RequireFitted()
    {
        if (!IsFitted)
            throw new InvalidOperationException($"{Kind}: it has not been fitted. Call Fit first, or load a fitted one.");
    }

    private void RequireUsable(TimeSeries normal)
    {
        if (normal.ChannelCount != ChannelCount)
        {
            throw new ArgumentException($"{Kind}: it observes {Counted.Of(ChannelCount, "channel")}; the series has"
                + $" {normal.ChannelCount}.", nameof(normal));
        }

        if (normal.Length < FewestSteps)
        {
            throw new DataSourceException($"{Kind} needs at least {FewestSteps} steps of normal data; there are"
                + $" {normal.Length}. Use more data, or a shorter window.");
        }

        for (var channel = 0; channel < ChannelCount; channel++)
        {
            var distinct = normal.ChannelValues(channel).Where(v => !float.IsNaN(v)).Distinct().Take(2).Count();
            if (distinct < 2)
            {
                throw new DataSourceException($"Channel '{normal.Channels[channel]}' "
                    + (distinct == 0 ? "has no value at all" : "is constant") + $" in the {normal.Length} steps of normal data,"
                    + " so nothing says what is usual. Leave it out, or use other steps.");
            }
        }
    }
}
