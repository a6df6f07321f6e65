namespace SeqCore.Models;

/// <summary>
/// Subtracts the last value from each window, forecasts with a linear layer over time, which all channels share, and adds it
/// back, so that a shift of the level does not matter (Zeng, Chen, Zhang and Xu, arXiv:2205.13504). Parameters:
/// <c>line.weight</c> (H, L) and <c>line.bias</c> (H).
/// </summary>
public sealed class NLinear : ForecastNetwork
{
    private readonly Linear line;

    /// <summary>Makes a network that is initialised as in PyTorch.</summary>
    /// <param name="lookBack">The number of steps that it reads, L, at least 1.</param>
    /// <param name="horizon">The number of steps that it forecasts, H, at least 1.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    public NLinear(int lookBack, int horizon, int channels, RandomGenerator random) : base(lookBack, horizon, channels) =>
        line = Register("line", new Linear(lookBack, horizon, random));

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known)
    {
        var series = Argument.NotNull(past).Transpose(1, 2);
        var last = series.Slice(-1, LookBack - 1, 1);
        return (line.Forward(series - last) + last).Transpose(1, 2);
    }
}
