namespace SeqCore.Models;

/// <summary>
/// A network that maps the last L steps of a series to the next H: the part of a <see cref="NetworkForecaster"/> that learns.
/// Networks of your own derive from it.
/// </summary>
public abstract class ForecastNetwork : Module
{
    /// <summary>Makes a network.</summary>
    /// <param name="lookBack">The number of steps that it reads, L, at least 1.</param>
    /// <param name="horizon">The number of steps that it forecasts, H, at least 1.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="covariates">The number of covariates of each step, K; 0, the default, for a network without.</param>
    protected ForecastNetwork(int lookBack, int horizon, int channels, int covariates = 0)
    {
        LookBack = Argument.AtLeast(lookBack, Kind, nameof(lookBack));
        Horizon = Argument.AtLeast(horizon, Kind, nameof(horizon));
        ChannelCount = Argument.AtLeast(channels, Kind, nameof(channels));
        CovariateCount = Argument.AtLeast(covariates, Kind, nameof(covariates), 0);
    }

    /// <summary>The number of steps that it reads, L.</summary>
    public int LookBack { get; }

    /// <summary>The number of steps that it forecasts, H.</summary>
    public int Horizon { get; }

    /// <summary>The number of channels, C.</summary>
    public int ChannelCount { get; }

    /// <summary>The number of covariates, which are known in advance, of each step, K; 0 if it reads none.</summary>
    public int CovariateCount { get; }

    /// <summary>
    /// Whether it forecasts all steps at once, true by default. A network that reads its own forecasts returns false: it cannot
    /// forecast quantiles (<see cref="NetworkForecasterOptions.Quantiles"/>), which are further steps to a network.
    /// </summary>
    public virtual bool ForecastsAtOnce => true;

    /// <summary>Forecasts the steps after windows.</summary>
    /// <param name="past">The windows, shape (B, L, C).</param>
    /// <param name="known">
    /// The covariates of the windows and of the steps after them, shape (B, L + H, K); null for a network without.
    /// </param>
    /// <returns>The forecasts, shape (B, H, C).</returns>
    /// <exception cref="ShapeException">The windows or the covariates do not have the required shape.</exception>
    /// <exception cref="ArgumentException">There are covariates and the network reads none, or the other way round.</exception>
    public Variable Forward(Variable past, Variable? known = null)
    {
        ArgumentNullException.ThrowIfNull(past);
        if (past.Shape.Rank != 3 || past.Shape[1] != LookBack || past.Shape[2] != ChannelCount)
        {
            throw ShapeException.Wrong(Kind, nameof(past), $"(B, {LookBack}, {ChannelCount})", past.Shape,
                "it holds the steps that are read, of all channels");
        }

        if ((known is null) != (CovariateCount == 0))
        {
            throw new ArgumentException(known is null
                ? $"{Kind}: it reads {Counted.Of(CovariateCount, "covariate")} of each step; give them as {nameof(known)}."
                : $"{Kind}: it reads no covariates; leave {nameof(known)} out.", nameof(known));
        }

        if (known is not null && !known.Shape.Equals(new Shape(past.Shape[0], LookBack + Horizon, CovariateCount)))
        {
            throw ShapeException.Wrong(Kind, nameof(known),
                $"(B, L + H, K) = ({past.Shape[0]}, {LookBack + Horizon}, {CovariateCount})", known.Shape,
                "it holds the covariates of the steps that are read and of those that are forecast");
        }

        return Compute(past, known);
    }

    /// <summary>Computes the forecasts of windows of the right shape.</summary>
    /// <param name="past">The windows, shape (B, L, C).</param>
    /// <param name="known">The covariates, shape (B, L + H, K); null for a network without.</param>
    /// <returns>The forecasts, shape (B, H, C).</returns>
    protected abstract Variable Compute(Variable past, Variable? known);

    /// <summary>Makes a network of the library.</summary>
    internal static ForecastNetwork New(NetworkForecasterOptions options, int channels, RandomGenerator random)
    {
        if (options.Network is ForecastNetworkKind.DLinear or ForecastNetworkKind.NLinear or ForecastNetworkKind.PeriodLinear)
            RefuseCovariates(options, options.Network.ToString());
        return options.Quantiles is not null ? new QuantileNetwork(options, channels, random) : options.Network switch
        {
            ForecastNetworkKind.DLinear => new DLinear(options.LookBack, options.Horizon, channels, random),
            ForecastNetworkKind.NLinear => new NLinear(options.LookBack, options.Horizon, channels, random),
            ForecastNetworkKind.PeriodLinear =>
                new PeriodLinear(options.LookBack, options.Horizon, channels, options.Period, random),
            ForecastNetworkKind.PatchTransformer => new PatchTransformer(options, channels, random),
            ForecastNetworkKind.Rnn => new RecurrentForecast(RecurrentKind.Rnn, options, channels, random),
            ForecastNetworkKind.Lstm => new RecurrentForecast(RecurrentKind.Lstm, options, channels, random),
            ForecastNetworkKind.Gru => new RecurrentForecast(RecurrentKind.Gru, options, channels, random),
            ForecastNetworkKind.Convolution => new ConvolutionForecast(options, channels, random),
            ForecastNetworkKind.AutoregressiveRnn => new AutoregressiveForecast(RecurrentKind.Rnn, options, channels, random),
            ForecastNetworkKind.AutoregressiveLstm => new AutoregressiveForecast(RecurrentKind.Lstm, options, channels, random),
            ForecastNetworkKind.AutoregressiveGru => new AutoregressiveForecast(RecurrentKind.Gru, options, channels, random),
            _ => new EncoderDecoderForecast(options, channels, random),
        };
    }

    /// <summary>Throws if a network that reads no covariates should have some.</summary>
    private protected static void RefuseCovariates(NetworkForecasterOptions options, string kind)
    {
        if (options.CovariateCount > 0)
        {
            throw new ArgumentException($"{kind}: it reads no covariates, and {nameof(options.Covariates)} or"
                + $" {nameof(options.Calendar)} lists some. Use another network, such as {nameof(ForecastNetworkKind)}"
                + $".{ForecastNetworkKind.Gru}, {ForecastNetworkKind.Convolution} or {ForecastNetworkKind.EncoderDecoder}, or"
                + " leave both empty.", nameof(options));
        }
    }

    /// <summary>Returns steps with the covariates of as many steps beside them.</summary>
    /// <param name="steps">The steps, shape (B, T, C).</param>
    /// <param name="known">The covariates, shape (B, L + H, K), or null.</param>
    /// <param name="first">The step of the covariates that is beside the first one.</param>
    private protected static Variable Beside(Variable steps, Variable? known, int first) =>
        known is null ? steps : Variable.Concat([steps, known.Slice(1, first, steps.Shape[1])], -1);
}
