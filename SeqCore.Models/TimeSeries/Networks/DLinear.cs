namespace SeqCore.Models;

/// <summary>
/// Splits each window into a moving average of 25 steps and the rest, and forecasts both with a linear layer over time, which all
/// channels share (Zeng, Chen, Zhang and Xu, "Are Transformers effective for time series forecasting?", arXiv:2205.13504).
/// Parameters: <c>trend</c> and <c>remainder</c>, each <c>weight</c> (H, L) and <c>bias</c> (H).
/// </summary>
/// <example>
/// <code>
/// using var network = new DLinear(lookBack: 96, horizon: 24, channels: 7, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// Console.WriteLine(network.Forward(Tensor.Zeros([8, 96, 7])).Shape);           // (8, 24, 7)
/// </code>
/// </example>
public sealed class DLinear : ForecastNetwork
{
    private const int Around = 12, Width = (2 * Around) + 1;
    private readonly Linear trend, remainder;

    /// <summary>Makes a network that is initialised as in PyTorch.</summary>
    /// <param name="lookBack">The number of steps that it reads, L, at least 1.</param>
    /// <param name="horizon">The number of steps that it forecasts, H, at least 1.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public DLinear(int lookBack, int horizon, int channels, RandomGenerator random) : base(lookBack, horizon, channels)
    {
        trend = Register("trend", new Linear(lookBack, horizon, random));
        remainder = Register("remainder", new Linear(lookBack, horizon, random));
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        var series = Argument.NotNull(past).Transpose(1, 2);
        var average = MovingAverage(series);
        return (trend.Forward(average) + remainder.Forward(series - average)).Transpose(1, 2);
    }

    /// <summary>Averages over time, the last axis; the first and the last value stand for those outside.</summary>
    private Variable MovingAverage(Variable series)
    {
        var padded = Variable.Concat([series.Slice(-1, 0, 1).Repeat(Around, -1), series,
            series.Slice(-1, LookBack - 1, 1).Repeat(Around, -1)], -1);
        var sums = padded.CumulativeSum(-1).Pad(-1, 1, 0);
        return (sums.Slice(-1, Width, LookBack) - sums.Slice(-1, 0, LookBack)) * (1f / Width);
    }
}
