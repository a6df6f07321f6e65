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
    protected ForecastNetwork(int lookBack, int horizon, int channels) =>
        (LookBack, Horizon, ChannelCount) = (Argument.AtLeast(lookBack, Kind, nameof(lookBack)),
            Argument.AtLeast(horizon, Kind, nameof(horizon)), Argument.AtLeast(channels, Kind, nameof(channels)));

    /// <summary>The number of steps that it reads, L.</summary>
    public int LookBack { get; }

    /// <summary>The number of steps that it forecasts, H.</summary>
    public int Horizon { get; }

    /// <summary>The number of channels, C.</summary>
    public int ChannelCount { get; }

    /// <summary>Forecasts the steps behind windows.</summary>
    /// <param name="past">The windows, shape (B, L, C).</param>
    /// <returns>The forecasts, shape (B, H, C).</returns>
    /// <exception cref="ShapeException">The windows do not have the required shape.</exception>
    public Variable Forward(Variable past)
    {
        ArgumentNullException.ThrowIfNull(past);
        if (past.Shape.Rank != 3 || past.Shape[1] != LookBack || past.Shape[2] != ChannelCount)
        {
            throw ShapeException.Wrong(Kind, nameof(past), $"(B, {LookBack}, {ChannelCount})", past.Shape,
                "it holds the steps that are read, of all channels");
        }

        return Compute(past);
    }

    /// <summary>Computes the forecasts of windows of the right shape.</summary>
    /// <param name="past">The windows, shape (B, L, C).</param>
    /// <returns>The forecasts, shape (B, H, C).</returns>
    protected abstract Variable Compute(Variable past);

    /// <summary>Makes a network of the library.</summary>
    internal static ForecastNetwork New(NetworkForecasterOptions options, int channels, RandomGenerator random) =>
        options.Network switch
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
