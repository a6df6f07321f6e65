namespace SeqCore.Models;

/// <summary>
/// Reads a window of all channels with recurrent layers, forecasts one step, reads that forecast, and so on: the same weights
/// forecast every step. The loss runs through all of them, so the network learns to continue from its own forecasts. What it
/// forecasts is the change from the step before. The last value is subtracted before and added after, so that a shift of the
/// level does not matter. Beside each step it reads the covariates of the next one. Parameters: <c>rnn</c>, <c>lstm</c> or
/// <c>gru</c>, and <c>head</c>.
/// </summary>
/// <example>
/// <code>
/// var options = new NetworkForecasterOptions { LookBack = 48, Horizon = 24, HiddenSize = 16 };
/// using var network = new AutoregressiveForecast(RecurrentKind.Gru, options, channels: 7, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Console.WriteLine(network.Forward(Tensor.Zeros([8, 48, 7])).Shape);           // (8, 24, 7)
/// </code>
/// </example>
public sealed class AutoregressiveForecast : ForecastNetwork
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
    public AutoregressiveForecast(RecurrentKind kind, NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, options.Horizon, channels, options.CovariateCount)
    {
        options.Check(Kind);
        layer = Register(kind.Name(),
            kind.NewLayer(channels + CovariateCount, options.HiddenSize, random, options.RecurrentLayers));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(options.HiddenSize, channels, random));
    }

    /// <inheritdoc/>
    public override bool ForecastsAtOnce => false;

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        ArgumentNullException.ThrowIfNull(past);
        var last = past.Slice(1, LookBack - 1, 1);
        var (hidden, state) = layer.Forward(Beside(past - last, known, 1));
        hidden = hidden.Slice(1, LookBack - 1, 1);
        var steps = new Variable[Horizon];
        for (var h = 0; h < Horizon; h++)
        {
            if (h > 0)
                (hidden, state) = layer.Forward(Beside(steps[h - 1], known, LookBack + h), state);
            var change = head.Forward(dropout?.Forward(hidden) ?? hidden);
            steps[h] = h == 0 ? change : change + steps[h - 1];
        }

        return Variable.Concat(steps, 1) + last;
    }
}
