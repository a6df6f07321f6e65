namespace SeqCore.Models;

/// <summary>
/// Forecasts each phase of a period from the same phase of earlier periods, with one linear layer for all phases and channels, so
/// that it has fewer than a thousand weights (SparseTSF: Lin, Lin, Wu, Chen, Yang, "SparseTSF: modeling long-term time series
/// forecasting with 1k parameters", arXiv:2405.00946). Before that, a convolution over about one period collects what
/// lies between the phases, and the mean of the window is subtracted, and added back at the end. Parameters: <c>around.weight</c>
/// (1, 1, K) and <c>line.weight</c> (M, N) of N periods read and M forecast.
/// </summary>
public sealed class PeriodLinear : ForecastNetwork
{
    private readonly Linear line;
    private readonly Conv1d around;
    private readonly int period, read, written;

    /// <summary>Makes a network that is initialised as in PyTorch.</summary>
    /// <param name="lookBack">
    /// The number of steps that it reads, L, at least a period; what is more than whole periods is not read.
    /// </param>
    /// <param name="horizon">The number of steps that it forecasts, H, at least 1.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="period">The number of steps of a period, at least 2, such as 24 of hours.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public PeriodLinear(int lookBack, int horizon, int channels, int period, RandomGenerator random)
        : base(lookBack, horizon, channels)
    {
        this.period = Argument.AtLeast(period, Kind, nameof(period), 2);
        Argument.AtLeast(lookBack, Kind, nameof(lookBack), period);
        (read, written) = (lookBack / period, (horizon + period - 1) / period);
        var width = 1 + (2 * (period / 2));
        var same = new Conv1dOptions { Padding = Conv1dPadding.Same };
        around = Register("around", new Conv1d(1, 1, width, random, same, bias: false));
        line = Register("line", new Linear(read, written, random, bias: false));
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        var (batch, steps) = (Argument.NotNull(past).Shape[0], read * period);
        var rows = batch * ChannelCount;
        var mean = past.Mean(1, keepDimensions: true);
        var series = (past - mean).Slice(1, LookBack - steps, steps).Transpose(1, 2).Reshape(rows, steps, 1);
        var phases = (around.Forward(series) + series).Reshape(rows, read, period).Transpose(1, 2);
        return line.Forward(phases).Transpose(1, 2).Reshape(batch, ChannelCount, written * period).Slice(-1, 0, Horizon)
            .Transpose(1, 2) + mean;
    }
}
