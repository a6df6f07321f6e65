using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Forecasts each point from all before with recurrent layers, whose hidden state it carries from point to point, and judges the
/// error of the forecast. The layers read each value and its change; the forecast is the last value plus what they add to it.
/// Parameters: <c>rnn</c>, <c>lstm</c> or <c>gru</c>, and <c>head</c>.
/// </summary>
/// <remarks>The time and the memory of a point do not depend on how many were before.</remarks>
/// <example>
/// <code>
/// float[] beats = [.. Enumerable.Range(0, 1200)
///     .Select(t => MathF.Pow(MathF.Sin(t * 0.2f), 2) + (0.05f * MathF.Sin(t * t)))];
/// beats[1000] -= 1;
/// var series = new TimeSeries(beats);
/// var options = new RecurrentDetectorOptions { HiddenSize = 8, Training = new DetectorTrainingOptions { Epochs = 3 } };
/// using var detector = new RecurrentDetector(channels: 1, options, new RandomGenerator(seed: 1));
/// detector.Fit(series.Slice(0, 900));
/// var points = detector.Observe(series.Slice(900, 300));
/// Console.WriteLine(900 + Array.FindIndex(points, p => p.IsAnomaly));       // 1000
/// </code>
/// </example>
public sealed class RecurrentDetector : NetworkDetector
{
    /// <summary>The name of this kind of detector in files.</summary>
    public const string KindName = "recurrent-detector";

    // The first forecasts of a window know too little to learn from.
    private const int FirstForecasts = 8;

    private readonly FusedRecurrentLayer layer;
    private readonly Linear head;
    private readonly float[] last, forecast, input;
    private RecurrentPoints? points;
    private bool hasLast;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="options">The network, its training, its scores and its alarms.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <exception cref="ArgumentException">A size or number is out of range.</exception>
    public RecurrentDetector(int channels, RecurrentDetectorOptions options, RandomGenerator random)
        : base(channels, Argument.NotNull(options).Alarm, options.Likelihood, options.Training)
    {
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        var inputs = SizeLimitException.Product($"{Kind}: the values and changes of {channels} channels", 2, channels);
        layer = Register(options.Cell.Name(), options.Cell.NewLayer(inputs, options.HiddenSize, random,
            new RecurrentLayerOptions { Layers = options.Layers }));
        head = Register("head", new Linear(options.HiddenSize, channels, random));
        (last, forecast, input) = (new float[channels], new float[channels], new float[inputs]);
    }

    /// <summary>The network, its training, its scores and its alarms.</summary>
    public RecurrentDetectorOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new RecurrentDetectorFile(ChannelCount, Options, TakeSnapshot()), Models.OptionsJson.Default.RecurrentDetectorFile);

    /// <inheritdoc/>
    public override int WarmUpSteps => WarmUp;

    /// <inheritdoc/>
    protected override int WindowLength => Options.SequenceLength + 2;

    /// <inheritdoc/>
    protected override int WarmUp => FirstForecasts + 2;

    internal static RecurrentDetector Create(ModelFile file)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.RecurrentDetectorFile);
        var detector = new RecurrentDetector(saved.Channels, saved.Options, new RandomGenerator(0));
        detector.Restore(saved.Snapshot);
        return detector;
    }

    /// <inheritdoc/>
    protected override Variable Loss(Tensor windows)
    {
        var (series, steps) = ((Variable)Argument.NotNull(windows), Options.SequenceLength);
        var (before, now) = (series.Slice(1, 0, steps), series.Slice(1, 1, steps));
        var hidden = layer.Forward(Variable.Concat([now, now - before], -1)).Output;
        var forecasts = head.Forward(hidden) + now;
        var judged = steps - FirstForecasts;
        return Models.Loss.MeanSquaredError(forecasts.Slice(1, FirstForecasts, judged),
            series.Slice(1, 2 + FirstForecasts, judged).Value);
    }

    /// <inheritdoc/>
    protected override double Expect(ReadOnlySpan<float> values, Span<float> expected)
    {
        if (hasLast)
            forecast.CopyTo(expected);
        else
            expected.Fill(float.NaN);
        return double.NaN;
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float> values)
    {
        for (var c = 0; c < values.Length; c++)
            (input[c], input[values.Length + c]) = (values[c], hasLast ? values[c] - last[c] : 0f);
        Points.Run(input);
        Points.Read(forecast);
        for (var c = 0; c < values.Length; c++)
            forecast[c] += values[c];
        values.CopyTo(last);
        hasLast = true;
    }

    /// <inheritdoc/>
    protected override void ResetStream()
    {
        // The weights may be others now.
        points?.Dispose();
        points = null;
        base.ResetStream();
    }

    /// <inheritdoc/>
    protected override void Restart()
    {
        points?.Reset();
        hasLast = false;
    }

    /// <inheritdoc/>
    protected override void WriteStream(DetectorState state)
    {
        base.WriteStream(state);
        state.Add(hasLast ? 1 : 0);
        foreach (var values in (float[][])[last, forecast])
            state.Add([.. values.Select(v => (double)v)]);
        Points.Write(state);
    }

    /// <inheritdoc/>
    protected override void ReadStream(DetectorState state)
    {
        base.ReadStream(state);
        hasLast = Argument.NotNull(state).NextCount() > 0;
        var numbers = new double[last.Length];
        foreach (var values in (float[][])[last, forecast])
        {
            state.Next(numbers);
            for (var c = 0; c < values.Length; c++)
                values[c] = (float)numbers[c];
        }

        Points.Read(state);
    }

    /// <inheritdoc/>
    protected override void Move(Backend backend)
    {
        if (points is null)
            return;
        var state = new DetectorState();
        points.Write(state);
        points.Dispose();
        points = new RecurrentPoints(layer, head);
        points.Read(new DetectorState(state.Values));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            points?.Dispose();
        base.Dispose(disposing);
    }

    private RecurrentPoints Points => points ??= new RecurrentPoints(layer, head);
}

/// <summary>What a file holds of a recurrent detector beside its weights.</summary>
internal sealed record RecurrentDetectorFile(int Channels, RecurrentDetectorOptions Options, DetectorSnapshot Snapshot);
