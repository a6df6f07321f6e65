namespace SeqCore.Models;

/// <summary>
/// A baseline: expects each value to be an exponentially weighted moving average of those before, a (x - mean) + mean. With
/// weight 1, the default, that is the last value, and what it finds are sudden changes.
/// </summary>
public sealed class SmoothingDetector : ErrorDetector
{
    /// <summary>The name of this kind of detector in files.</summary>
    public const string KindName = "smoothing-detector";

    // An average over all values would never be warm again.
    private const int MostWarmUp = 10_000;

    private readonly double[] averages;
    private bool hasStarted;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="options">The average, its scores and its alarms; null for the defaults.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public SmoothingDetector(int channels, SmoothingDetectorOptions? options = null)
        : base(channels, (options ??= new()).Alarm, options.Likelihood)
    {
        options.Check(Kind);
        (Options, averages) = (options, new double[channels]);
    }

    /// <summary>The average, its scores and its alarms.</summary>
    public SmoothingDetectorOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <summary>At least 10, and as many as the values that the average is mostly of: 1 / <c>Smoothing</c>.</summary>
    public override int WarmUpSteps => (int)Math.Min(MostWarmUp, Math.Max(base.WarmUpSteps, Math.Ceiling(1 / Options.Smoothing)));

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new SmoothingDetectorFile(ChannelCount, Options, TakeSnapshot()), Models.OptionsJson.Default.SmoothingDetectorFile);

    internal static SmoothingDetector Create(ModelFile file)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.SmoothingDetectorFile);
        var detector = new SmoothingDetector(saved.Channels, saved.Options);
        detector.Restore(saved.Snapshot);
        return detector;
    }

    /// <inheritdoc/>
    protected override void FitToScaled(TimeSeries scaled, int training, CancellationToken cancellation)
    {
    }

    /// <inheritdoc/>
    protected override double Expect(ReadOnlySpan<float> values, Span<float> expected)
    {
        for (var c = 0; c < averages.Length; c++)
            expected[c] = hasStarted ? (float)averages[c] : float.NaN;
        return double.NaN;
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float> values)
    {
        for (var c = 0; c < averages.Length; c++)
            averages[c] += (hasStarted ? Options.Smoothing : 1) * (values[c] - averages[c]);
        hasStarted = true;
    }

    /// <inheritdoc/>
    protected override void Restart()
    {
        hasStarted = false;
        Array.Clear(averages);
    }

    /// <inheritdoc/>
    protected override void WriteStream(DetectorState state)
    {
        base.WriteStream(state);
        state.Add(hasStarted ? 1 : 0);
        state.Add(averages);
    }

    /// <inheritdoc/>
    protected override void ReadStream(DetectorState state)
    {
        base.ReadStream(state);
        hasStarted = Argument.NotNull(state).NextCount() > 0;
        state.Next(averages);
    }
}

/// <summary>What a file holds of a smoothing detector.</summary>
internal sealed record SmoothingDetectorFile(int Channels, SmoothingDetectorOptions Options, DetectorSnapshot Snapshot);
