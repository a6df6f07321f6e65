namespace SeqCore.Models;

/// <summary>
/// Reads a window of all channels with recurrent layers, and maps the last hidden state to all steps of the forecast at once. The
/// last value is subtracted before and added after, so that a shift of the level does not matter. Covariates of the window are
/// further inputs; those of the steps that are forecast add an effect of their own to each. Parameters: <c>rnn</c>, <c>lstm</c>
/// or <c>gru</c>, <c>head</c>, and <c>effects</c> of covariates.
/// </summary>
public sealed class RecurrentForecast : ForecastNetwork
{
    private readonly RecurrentLayer layer;
    private readonly Linear head;
    private readonly Dropout? dropout;
    private readonly CovariateEffects? effects;

    /// <summary>Makes a network.</summary>
    /// <param name="kind">The kind of the layers.</param>
    /// <param name="options">The window, and the sizes of the layers.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public RecurrentForecast(RecurrentKind kind, NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels, options.CovariateCount)
    {
        options.Check(Kind);
        layer = Register(kind.Name(),
            kind.NewLayer(channels + CovariateCount, options.HiddenSize, random, options.RecurrentLayers));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(options.HiddenSize,
            SizeLimitException.Product($"{Kind}: {Horizon} steps of {ChannelCount} channels", Horizon, ChannelCount), random));
        if (CovariateCount > 0)
            effects = Register("effects", new CovariateEffects(options.HiddenSize, CovariateCount, channels, random));
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        ArgumentNullException.ThrowIfNull(past);
        var last = past.Slice(1, LookBack - 1, 1);
        var read = layer.Forward(Beside(past - last, known, 0)).Output.Slice(1, LookBack - 1, 1).Squeeze(1);
        read = dropout?.Forward(read) ?? read;
        var forecast = head.Forward(read).Reshape(past.Shape[0], Horizon, ChannelCount) + last;
        return effects?.AddTo(forecast, read, known!) ?? forecast;
    }
}
