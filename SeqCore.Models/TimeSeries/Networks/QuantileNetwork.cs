namespace SeqCore.Models;

/// <summary>
/// Forecasts Q quantiles of H steps by a network of the library that forecasts Q H steps at once, and adds an offset to each
/// quantile of each step and channel, so that quantiles lie apart also where all channels share the weights of the network.
/// Parameters: those of the network under <c>shared</c>, and <c>offsets</c> (Q, H, C), which count ten times.
/// </summary>
/// <remarks>
/// Quantiles of a new network lie as near to each other as chance has it, and to travel apart by the size of the errors takes
/// longer than to learn the median. So a <see cref="ForecastTask"/> begins with the offsets that are best for the network as it
/// is, and they count ten times, which lets them move ten times as far in a step of <see cref="Adam"/>.
/// </remarks>
public sealed class QuantileNetwork : ForecastNetwork
{
    private const float Factor = 10f;
    private const int Sample = 512, SampleBatch = 64;
    private readonly ForecastNetwork shared;
    private readonly Parameter offsets;
    private readonly IReadOnlyList<double> quantiles;
    private readonly int horizon, block;

    /// <summary>Makes a network.</summary>
    /// <param name="options">The network, its window and its quantiles.</param>
    /// <param name="channels">The number of channels, C, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <exception cref="ArgumentException">
    /// There are no quantiles, the network cannot forecast them, or a size is out of range.
    /// </exception>
    public QuantileNetwork(NetworkForecasterOptions options, int channels, RandomGenerator random)
        : base(Argument.NotNull(options).LookBack, StepsOf(options, options.Horizon), channels)
    {
        options.Check(Kind);
        if (options.CovariateCount > 0)
        {
            throw new ArgumentException($"{Kind}: it reads no covariates, and {nameof(options.Covariates)} or"
                + $" {nameof(options.Calendar)} lists some. Leave both empty, or use no quantiles and a"
                + $" {nameof(ConformalForecaster)}.", nameof(options));
        }

        (horizon, block) = (options.Horizon, BlockOf(options));
        var inner = options with { Horizon = StepsOf(options, block), Quantiles = null };
        shared = Register("shared", New(inner, channels, random));
        if (!shared.ForecastsAtOnce)
        {
            throw new ArgumentException($"{Kind}: {nameof(ForecastNetworkKind)}.{options.Network} forecasts step by step from its"
                + " own forecasts, so it cannot forecast quantiles. Use a network that forecasts all steps at once, or no"
                + $" quantiles and a {nameof(ConformalForecaster)}.", nameof(options));
        }

        quantiles = options.Quantiles!;
        offsets = Register("offsets", Tensor.Zeros(WeightLimit.For(Kind, quantiles.Count, horizon, channels)));
    }

    /// <summary>
    /// Sets each offset to the quantile of the errors that the network makes without it, on windows all over a series.
    /// </summary>
    internal void Begin(ForecastWindows windows)
    {
        using var inference = InferenceScope.Open();
        var count = Math.Min(Sample, windows.Count);
        var steps = horizon * ChannelCount;
        var errors = new double[offsets.Value.ElementCount][];
        for (var i = 0; i < errors.Length; i++)
            errors[i] = new double[count];
        foreach (var rows in Enumerable.Range(0, count).Chunk(SampleBatch))
        {
            using var scope = new TensorScope("offsets");
            int[] places = [.. rows.Select(r => (int)((long)r * windows.Count / count))];
            float[] forecast = Blocks(windows.Past(places)).Value.ToArray(), target = windows.Target(places).ToArray();
            for (var i = 0; i < forecast.Length; i++)
            {
                var (row, output) = (i / errors.Length, i % errors.Length);
                errors[output][rows[row]] = (double)target[(row * steps) + (output % steps)] - forecast[i];
            }
        }

        offsets.Value.CopyFrom([.. errors.Select((e, i) =>
            (float)(OrderStatistic.Smallest(e, (int)Math.Ceiling(count * quantiles[i / steps])) / Factor))]);
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable past, Variable? known) =>
        (Blocks(Argument.NotNull(past)) + (offsets * Factor)).Reshape(past.Shape[0], Horizon, ChannelCount);

    /// <summary>Returns the quantiles without the offsets, shape (B, Q, H, C).</summary>
    private Variable Blocks(Variable past) => shared.Forward(past)
        .Reshape(past.Shape[0], quantiles.Count, block, ChannelCount).Slice(2, 0, horizon);

    /// <summary>Returns the steps of a quantile: H, or whole periods where the network forecasts these.</summary>
    private static int BlockOf(NetworkForecasterOptions options)
    {
        var excess = options.Network == ForecastNetworkKind.PeriodLinear ? options.Horizon % options.Period : 0;
        return excess == 0 ? options.Horizon : options.Horizon + options.Period - excess;
    }

    private static int StepsOf(NetworkForecasterOptions options, int block) => SizeLimitException.Product(
        $"{nameof(QuantileNetwork)}: quantiles of {block} steps", block, options.Quantiles?.Count
            ?? throw new ArgumentException($"{nameof(QuantileNetwork)}: there are no {nameof(options.Quantiles)}; give at least"
                + " one, such as [0.1, 0.5, 0.9].", nameof(options)));
}
