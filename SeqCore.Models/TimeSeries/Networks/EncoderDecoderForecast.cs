namespace SeqCore.Models;

/// <summary>
/// Reads a window of all channels with the GRU of an encoder; the GRU of a decoder then forecasts step by step, and looks back at
/// the whole window at each step through attention with Luong's general score. With the decoder's new state h and c = attend(h),
/// the change from the step before is W' tanh(W [c; h]) + b. The decoder reads its own forecasts in training too, not the true
/// values: that is all it has when it forecasts, and the loss runs through all steps. The last value is subtracted before and
/// added after, so that a shift of the level does not matter. The encoder reads the covariates of each step beside its values,
/// the decoder those of the step that it forecasts. Parameters: <c>encoder</c>, <c>decoder</c>, <c>attention</c>,
/// <c>combine.weight</c> W (H, 2H) and <c>head</c>.
/// </summary>
/// <example>
/// <code>
/// var options = new NetworkForecasterOptions { LookBack = 48, Horizon = 24, HiddenSize = 16 };
/// using var network = new EncoderDecoderForecast(options, channels: 7, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Console.WriteLine(network.Forward(Tensor.Zeros([8, 48, 7])).Shape);           // (8, 24, 7)
/// </code>
/// </example>
public sealed class EncoderDecoderForecast : ForecastNetwork
{
    private readonly Gru encoder, decoder;
    private readonly GeneralAttention attention;
    private readonly Linear combine, head;
    private readonly Dropout? dropout;

    /// <summary>Makes a network.</summary>
    /// <param name="options">The window, and the sizes of the layers, which are the same in encoder and decoder.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public EncoderDecoderForecast(NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels, options.CovariateCount)
    {
        options.Check(Kind);
        var (size, inputs) = (options.HiddenSize, channels + CovariateCount);
        encoder = Register("encoder", new Gru(inputs, size, random, options.RecurrentLayers));
        decoder = Register("decoder", new Gru(inputs, size, random, options.RecurrentLayers));
        attention = Register("attention", new GeneralAttention(size, size, random));
        combine = Register("combine", new Linear(SizeLimitException.Product($"{Kind}: 2 H, H = {size}", 2, size), size, random,
            bias: false));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(size, channels, random));
    }

    /// <inheritdoc/>
    public override bool ForecastsAtOnce => false;

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        ArgumentNullException.ThrowIfNull(past);
        var last = past.Slice(1, LookBack - 1, 1);
        var (read, state) = encoder.Forward(Beside(past - last, known, 0));
        var source = attention.Prepare(read);
        Variable step = Tensor.Zeros(last.Shape, past.Value.Backend);
        var steps = new Variable[Horizon];
        for (var h = 0; h < Horizon; h++)
        {
            (var hidden, state) = decoder.Forward(Beside(step, known, LookBack + h), state);
            var context = attention.Forward(hidden, source).Output;
            var mixed = combine.Forward(Variable.Concat([context, hidden], -1)).Tanh();
            step += head.Forward(dropout?.Forward(mixed) ?? mixed);
            steps[h] = step;
        }

        return Variable.Concat(steps, 1) + last;
    }
}
