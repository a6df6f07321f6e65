using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Reconstructs the last L points with an LSTM that reads them into its hidden state and another one that writes them from it,
/// the newest first, and judges the root mean square error of the window (after Malhotra et al., "LSTM-based encoder-decoder for
/// multi-sensor anomaly detection", arXiv:1607.00148). Differs from the paper: the decoder reads the code at each step, and not
/// the value before. Parameters: <c>encoder</c>, <c>decoder</c> and <c>head</c>.
/// </summary>
/// <remarks>Each point costs 2 L steps of the layers. The detector judges from the L-th point on.</remarks>
/// <example>
/// <code>
/// float[] waves = [.. Enumerable.Range(0, 1000).Select(t => MathF.Sin(t * 0.5f) + (0.05f * MathF.Sin(t * t)))];
/// for (var t = 900; t &lt; 910; t++)
///     waves[t] = 0;                                                        // it stops for a while
/// var series = new TimeSeries(waves);
/// var options = new AutoencoderDetectorOptions { Window = 12, HiddenSize = 8 };
/// using var detector = new AutoencoderDetector(channels: 1, options, new RandomGenerator(seed: 1));
/// detector.Fit(series.Slice(0, 800));
/// var points = detector.Observe(series.Slice(800, 200));
/// Console.WriteLine(Array.FindIndex(points, p => p.IsAnomaly) is >= 100 and &lt; 110);       // True
/// </code>
/// </example>
public sealed class AutoencoderDetector : NetworkDetector
{
    /// <summary>The name of this kind of detector in files.</summary>
    public const string KindName = "autoencoder-detector";

    private readonly Lstm encoder, decoder;
    private readonly Linear head;

    // The last L - 1 points that are known, and the newest one, in a ring.
    private readonly float[] window, written;

    // Of each channel, the squared errors of the window.
    private readonly double[] squares;
    private RecurrentPoints? reader, writer;
    private int next, count;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="options">The network, its training, its scores and its alarms.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <exception cref="ArgumentException">A size or number is out of range.</exception>
    public AutoencoderDetector(int channels, AutoencoderDetectorOptions options, RandomGenerator random)
        : base(channels, Argument.NotNull(options).Alarm, options.Likelihood, options.Training)
    {
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        encoder = Register("encoder", new Lstm(channels, options.HiddenSize, random));
        decoder = Register("decoder", new Lstm(options.HiddenSize, options.HiddenSize, random));
        head = Register("head", new Linear(options.HiddenSize, channels, random));
        window = new float[SizeLimitException.Product($"{Kind}: {options.Window} steps of {channels} channels", options.Window,
            channels)];
        (written, squares) = (new float[channels], new double[channels]);
    }

    /// <summary>The network, its training, its scores and its alarms.</summary>
    public AutoencoderDetectorOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(
        new AutoencoderDetectorFile(ChannelCount, Options, TakeSnapshot()), Models.OptionsJson.Default.AutoencoderDetectorFile);

    /// <inheritdoc/>
    public override int WarmUpSteps => Options.Window;

    /// <inheritdoc/>
    protected override int WindowLength => Options.Window;

    internal static AutoencoderDetector Create(ModelFile file)
    {
        var saved = file.ReadOptions(Models.OptionsJson.Default.AutoencoderDetectorFile);
        var detector = new AutoencoderDetector(saved.Channels, saved.Options, new RandomGenerator(0));
        detector.Restore(saved.Snapshot);
        return detector;
    }

    /// <inheritdoc/>
    protected override Variable Loss(Tensor windows)
    {
        var series = (Variable)Argument.NotNull(windows);
        var code = encoder.Forward(series).State.Hidden[0];
        var backwards = head.Forward(decoder.Forward(code.Unsqueeze(1).Repeat(Options.Window, 1)).Output);
        return Models.Loss.MeanSquaredError(backwards, series.Flip(1).Value);
    }

    /// <inheritdoc/>
    protected override double Expect(ReadOnlySpan<float> values, Span<float> expected)
    {
        expected.Fill(float.NaN);
        Place(values);
        if (count < Options.Window)
            return double.NaN;
        var (from, to) = (Reader, Writer);
        from.Reset();
        to.Reset();
        for (var age = Options.Window - 1; age >= 0; age--)
            from.Run(Point(age));
        Array.Clear(squares);
        var sum = 0.0;
        for (var age = 0; age < Options.Window; age++)
        {
            to.Run(from.Hidden);
            to.Read(written);
            if (age == 0)
                written.CopyTo(expected);
            var point = Point(age);
            for (var c = 0; c < written.Length; c++)
            {
                var square = ((double)point[c] - written[c]) * ((double)point[c] - written[c]);
                sum += square;
                squares[c] += square;
            }
        }

        WorstChannel = Array.IndexOf(squares, squares.Max());
        return Math.Sqrt(sum / window.Length);
    }

    /// <inheritdoc/>
    protected override void Advance(ReadOnlySpan<float> values)
    {
        // Expect has put the point into the window; a missing value there is the one before.
        next = (next + 1) % Options.Window;
    }

    /// <inheritdoc/>
    protected override void ResetStream()
    {
        Release();
        base.ResetStream();
    }

    /// <inheritdoc/>
    protected override void Restart()
    {
        (next, count) = (0, 0);
        Array.Clear(window);
    }

    /// <inheritdoc/>
    protected override void WriteStream(DetectorState state)
    {
        base.WriteStream(state);
        state.Add(next, count);
        state.Add([.. window.Select(v => (double)v)]);
    }

    /// <inheritdoc/>
    protected override void ReadStream(DetectorState state)
    {
        base.ReadStream(state);
        next = (int)(Argument.NotNull(state).NextCount() % Options.Window);
        count = (int)Math.Min(state.NextCount(), Options.Window);
        foreach (ref var value in window.AsSpan())
            value = (float)state.Next();
    }

    /// <inheritdoc/>
    protected override void Move(Backend backend) => Release();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Release();
        base.Dispose(disposing);
    }

    private RecurrentPoints Reader => reader ??= new RecurrentPoints(encoder, head: null);

    private RecurrentPoints Writer => writer ??= new RecurrentPoints(decoder, head);

    private void Place(ReadOnlySpan<float> values)
    {
        var before = Point(1);
        var place = window.AsSpan(next * ChannelCount, ChannelCount);
        for (var c = 0; c < values.Length; c++)
            place[c] = !float.IsNaN(values[c]) ? Within(values[c]) : count > 0 ? before[c] : 0f;
        count = Math.Min(count + 1, Options.Window);
    }

    /// <summary>Returns the point some steps before the newest one.</summary>
    private ReadOnlySpan<float> Point(int age) =>
        window.AsSpan((next - age + Options.Window) % Options.Window * ChannelCount, ChannelCount);

    private void Release()
    {
        reader?.Dispose();
        writer?.Dispose();
        (reader, writer) = (null, null);
    }
}

/// <summary>What a file holds of an autoencoder beside its weights.</summary>
internal sealed record AutoencoderDetectorFile(int Channels, AutoencoderDetectorOptions Options, DetectorSnapshot Snapshot);
