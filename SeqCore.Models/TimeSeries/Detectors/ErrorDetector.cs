namespace SeqCore.Models;

/// <summary>
/// A detector that expects each point, and judges the errors of its expectations by those before
/// (<see cref="AnomalyLikelihood"/>). Values are scaled by the normal data that it may be trained on; the error of a point is the
/// root mean square over its channels.
/// </summary>
public abstract class ErrorDetector : AnomalyDetector
{
    // What a network reads should not leave the range that it was trained on by far.
    private const float Limit = 20;
    private readonly AnomalyLikelihood likelihood;
    private readonly float[] scaled, guess;
    private ChannelScaler scaler;

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="channels">The number of channels of the series, C, at least 1.</param>
    /// <param name="alarm">When it gives an alarm.</param>
    /// <param name="likelihood">How its errors become scores.</param>
    protected ErrorDetector(int channels, AlarmOptions alarm, LikelihoodOptions likelihood) : base(channels, alarm)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        likelihood.Check(Kind);
        (this.likelihood, scaled, guess) = (new AnomalyLikelihood(likelihood), new float[channels], new float[channels]);
        scaler = new ChannelScaler(new double[channels], [.. Enumerable.Repeat(1.0, channels)]);
    }

    /// <summary>The scaling of the channels.</summary>
    public ChannelScaler Scaler => scaler;

    /// <inheritdoc/>
    public override int WarmUpSteps => AnomalyLikelihood.FewestErrors;

    /// <summary>Trains it on a scaled series, as <see cref="AnomalyDetector.FitTo"/> does.</summary>
    /// <param name="scaled">The normal data, scaled.</param>
    /// <param name="training">The number of steps, at the beginning, that may be trained on.</param>
    /// <param name="cancellation">Ends the fit.</param>
    protected abstract void FitToScaled(TimeSeries scaled, int training, CancellationToken cancellation);

    /// <summary>Writes what is expected of the next point.</summary>
    /// <param name="values">
    /// The point itself, scaled, NaN where missing. Detectors that reconstruct read it; those that forecast must not.
    /// </param>
    /// <param name="expected">Receives the expectation, scaled; NaN if nothing is expected yet.</param>
    /// <returns>
    /// The error; NaN for the root mean square of the differences of values and expectation, or if there is no expectation. With
    /// an error of its own it also sets <see cref="AnomalyDetector.WorstChannel"/>.
    /// </returns>
    protected abstract double Expect(ReadOnlySpan<float> values, Span<float> expected);

    /// <summary>Learns of the point what the expectation of the next one needs.</summary>
    /// <param name="values">
    /// The point, scaled and within [-20, 20]; a missing value is the expectation, or 0 where there was none.
    /// </param>
    protected abstract void Advance(ReadOnlySpan<float> values);

    /// <summary>
    /// Returns the value in [-20, 20] that is nearest to a scaled one: networks know nothing of what is further out.
    /// </summary>
    private protected static float Within(float value) => Math.Clamp(value, -Limit, Limit);

    /// <inheritdoc/>
    protected sealed override void FitTo(TimeSeries normal, int training, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(normal);
        scaler = ChannelScaler.Fit(normal.Slice(0, training));
        FitToScaled(scaler.Apply(normal), training, cancellation);
    }

    /// <inheritdoc/>
    protected sealed override (double Score, double Error) Judge(ReadOnlySpan<float> values, Span<float> expected)
    {
        values.CopyTo(scaled);
        scaler.Apply(scaled);
        var own = Expect(scaled, guess);
        var (squares, largest, there, worst) = (0.0, -1.0, 0, -1);
        for (var c = 0; c < scaled.Length; c++)
        {
            var difference = (double)scaled[c] - guess[c];
            if (double.IsNaN(difference))
                continue;
            squares += difference * difference;
            there++;
            if (difference * difference > largest)
                (largest, worst) = (difference * difference, c);
        }

        for (var c = 0; c < scaled.Length; c++)
            scaled[c] = Within(!float.IsNaN(scaled[c]) ? scaled[c] : float.IsNaN(guess[c]) ? 0f : guess[c]);
        Advance(scaled);
        guess.CopyTo(expected);
        scaler.Invert(expected);
        if (there == 0 || IsWarmingUp)
            return (double.NaN, double.NaN);
        if (double.IsNaN(own))
            WorstChannel = worst;
        var error = double.IsNaN(own) ? Math.Sqrt(squares / there) : own;
        return (likelihood.Add(error), error);
    }

    /// <inheritdoc/>
    protected override void ResetStream()
    {
        likelihood.Reset();
        Restart();
    }

    /// <inheritdoc/>
    protected override void WriteStream(DetectorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Add([.. scaler.Shifts]);
        state.Add([.. scaler.Scales]);
        likelihood.Write(state);
    }

    /// <inheritdoc/>
    protected override void ReadStream(DetectorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (shifts, scales) = (new double[ChannelCount], new double[ChannelCount]);
        state.Next(shifts);
        state.Next(scales);
        scaler = new ChannelScaler(shifts, scales);
        likelihood.Read(state);
    }
}
