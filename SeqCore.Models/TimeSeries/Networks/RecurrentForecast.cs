namespace SeqCore.Models;

/// <summary>
/// Reads a window of all channels with recurrent layers, and maps the last hidden state to all steps of the forecast at once. The
/// last value is subtracted before and added behind, so that a shift of the level does not matter. Parameters: <c>rnn</c>,
/// <c>lstm</c> or <c>gru</c>, and <c>head</c>.
/// </summary>
public sealed class RecurrentForecast : ForecastNetwork
{
    private readonly RecurrentLayer layer;
    private readonly Linear head;
    private readonly Dropout? dropout;

    /// <summary>Makes a network.</summary>
    /// <param name="kind">The kind of the layers.</param>
    /// <param name="options">The window, and the sizes of the layers.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public RecurrentForecast(RecurrentKind kind, NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels)
    {
        options.Check(Kind);
        layer = Register(kind.Name(), kind.NewLayer(channels, options.HiddenSize, random, options.RecurrentLayers));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(options.HiddenSize,
            SizeLimitException.Product($"{Kind}: {Horizon} steps of {ChannelCount} channels", Horizon, ChannelCount), random));
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past)
    {
        ArgumentNullException.ThrowIfNull(past);
        var last = past.Slice(1, LookBack - 1, 1);
        var read = layer.Forward(past - last).Output.Slice(1, LookBack - 1, 1).Squeeze(1);
        return head.Forward(dropout?.Forward(read) ?? read).Reshape(past.Shape[0], Horizon, ChannelCount) + last;
    }
}
