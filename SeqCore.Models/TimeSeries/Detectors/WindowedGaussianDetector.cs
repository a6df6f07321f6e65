namespace SeqCore.Models;

/// <summary>
/// A baseline, the windowed Gaussian of the Numenta Anomaly Benchmark (github.com/numenta/NAB): the score of a point is its
/// distance from the mean of a window of values before it, in standard deviations. Its <see cref="AnomalyPoint.Likelihood"/> is
/// the benchmark's anomaly score. Of several channels the one furthest out counts.
/// </summary>
public sealed class WindowedGaussianDetector : AnomalyDetector
{
    /// <summary>The name of this kind of detector in files.</summary>
    public const string KindName = "windowed-gaussian-detector";

    private readonly GaussianWindow[] windows;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="options">The window and the alarms; null for the defaults.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public WindowedGaussianDetector(int channels, WindowedGaussianOptions? options = null)
        : base(channels, (options ??= new()).Alarm)
    {
        options.Check(Kind);
        Options = options;
        windows = [.. Enumerable.Range(0, channels).Select(_ => new GaussianWindow(options.Window, options.Step))];
    }

    /// <summary>The window and the alarms.</summary>
    public WindowedGaussianOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new WindowedGaussianFile(ChannelCount, Options, TakeSnapshot()), Models.OptionsJson.Default.WindowedGaussianFile);

    internal static WindowedGaussianDetector Create(ModelFile file)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.WindowedGaussianFile);
        var detector = new WindowedGaussianDetector(saved.Channels, saved.Options);
        detector.Restore(saved.Snapshot);
        return detector;
    }

    /// <inheritdoc/>
    protected override void FitTo(TimeSeries normal, int training, CancellationToken cancellation)
    {
    }

    /// <inheritdoc/>
    protected override (double Score, double Error) Judge(ReadOnlySpan<float> values, Span<float> expected)
    {
        var (score, error) = (double.NaN, double.NaN);
        for (var c = 0; c < windows.Length; c++)
        {
            var window = windows[c];
            expected[c] = window.Count > 0 ? (float)window.Mean : float.NaN;
            if (float.IsNaN(values[c]))
                continue;
            if (window.Count > 0)
            {
                var distance = Math.Abs(values[c] - window.Mean);
                if (!(distance / window.Deviation <= score))
                    (score, error, WorstChannel) = (distance / window.Deviation, distance, c);
            }

            window.Add(values[c]);
        }

        return (score, error);
    }

    /// <inheritdoc/>
    protected override void ResetStream()
    {
        foreach (var window in windows)
            window.Reset();
    }

    /// <inheritdoc/>
    protected override void WriteStream(DetectorState state)
    {
        foreach (var window in windows)
            window.Write(Argument.NotNull(state));
    }

    /// <inheritdoc/>
    protected override void ReadStream(DetectorState state)
    {
        foreach (var window in windows)
            window.Read(Argument.NotNull(state));
    }
}

/// <summary>What a file holds of a windowed Gaussian.</summary>
internal sealed record WindowedGaussianFile(int Channels, WindowedGaussianOptions Options, DetectorSnapshot Snapshot);
