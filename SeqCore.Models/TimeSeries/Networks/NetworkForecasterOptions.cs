namespace SeqCore.Models;

/// <summary>The network of a <see cref="NetworkForecaster"/>, its window, and how it is trained.</summary>
/// <example>
/// <code>
/// // Sales follow the day of the week, and the price, which is known a week ahead.
/// float[] values = [.. Enumerable.Range(0, 200).SelectMany(t => (float[])[90 + 10 * (t % 7) - t % 5, t % 5])];
/// var day = SamplingInterval.Of(TimeSpan.FromDays(1));
/// var series = new TimeSeries(values, ["sales", "price"], new DateTime(2024, 1, 1), day);
/// var options = new NetworkForecasterOptions
/// {
///     Network = ForecastNetworkKind.Gru,
///     LookBack = 14,
///     Horizon = 7,
///     Covariates = ["price"],
///     Calendar = [CalendarFeature.DayOfWeek],
/// };
/// using var forecaster = new NetworkForecaster(channels: 1, options, new RandomGenerator(seed: 1));
/// forecaster.Fit(series.Slice(0, 193));
/// var sales = forecaster.Forecast(7, covariates: series.Slice(193, 7).Select("price"));
/// Console.WriteLine($"{sales.Length} steps of {string.Join(", ", sales.Channels)}");      // 7 steps of sales
/// </code>
/// </example>
public sealed record NetworkForecasterOptions
{
    /// <summary>The network; <see cref="ForecastNetworkKind.NLinear"/> by default.</summary>
    public ForecastNetworkKind Network { get; init; } = ForecastNetworkKind.NLinear;

    /// <summary>The number of steps that the network reads, L, at least 1; 336 by default.</summary>
    public int LookBack { get; init; } = 336;

    /// <summary>
    /// The number of steps that the network forecasts at once, H, at least 1; 96 by default. Longer forecasts read shorter ones.
    /// </summary>
    public int Horizon { get; init; } = 96;

    /// <summary>The number of steps of a period, at least 2, for networks that need one; 24 by default.</summary>
    public int Period { get; init; } = 24;

    /// <summary>
    /// The number of hidden units of recurrent layers, or the width of convolutions or a Transformer, at least 1; 64 by default.
    /// </summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>
    /// The number of recurrent layers or Transformer blocks, at least 1; 2 by default. For convolutions, the smallest number of
    /// blocks: there are as many as it takes to read the whole look-back.
    /// </summary>
    public int Layers { get; init; } = 2;

    /// <summary>The number of heads of a Transformer, a divisor of <see cref="HiddenSize"/>; 4 by default.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>The number of steps of a patch of a Transformer, at least 1; 16 by default.</summary>
    public int PatchLength { get; init; } = 16;

    /// <summary>The number of steps from one patch to the next, at least 1; 8 by default.</summary>
    public int PatchStride { get; init; } = 8;

    /// <summary>The probability of dropout, in [0, 1); 0 by default.</summary>
    public float Dropout { get; init; }

    /// <summary>
    /// The names of channels of the series that are known in advance, such as a price or a holiday; none by default. The network
    /// reads them, also for the steps that it forecasts (see <see cref="Forecaster.Forecast"/>), and does not forecast them.
    /// </summary>
    public IReadOnlyList<string> Covariates { get; init; } = [];

    /// <summary>
    /// The cycles of the calendar that the network reads at each step, computed from the times (see
    /// <see cref="CalendarFeatures"/>); none by default.
    /// </summary>
    public IReadOnlyList<CalendarFeature> Calendar { get; init; } = [];

    /// <summary>
    /// The probabilities of the quantiles that the network forecasts, in (0, 1) and increasing, such as [0.05, 0.5, 0.95]: it is
    /// trained with the pinball loss (<see cref="Loss.Pinball(Variable, Variable, IReadOnlyList{double}, LossReduction,
    /// Tensor?)"/>) then, and its forecast is the quantile nearest to the median. Null, the default, forecasts the mean.
    /// </summary>
    public IReadOnlyList<double>? Quantiles { get; init; }

    /// <summary>How each channel is scaled, by the series for training; to mean 0 and standard deviation 1 by default.</summary>
    public ScalingKind Scaling { get; init; } = ScalingKind.Standard;

    /// <summary>How <see cref="Forecaster.Fit"/> trains the network.</summary>
    public ForecastTrainingOptions Training { get; init; } = new();

    /// <summary>The layers of recurrent networks.</summary>
    internal RecurrentLayerOptions RecurrentLayers => new() { Layers = Layers, Dropout = Layers > 1 ? Dropout : 0f };

    /// <summary>The number of covariates of a step, K: the named ones, and a sine and a cosine for each cycle.</summary>
    internal int CovariateCount => Covariates.Count + (2 * Calendar.Count);

    internal void Check(string owner)
    {
        Argument.Defined(Network, owner, nameof(Network));
        Argument.AtLeast(LookBack, owner, nameof(LookBack));
        Argument.AtLeast(Horizon, owner, nameof(Horizon));
        Argument.AtLeast(Period, owner, nameof(Period), 2);
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        Argument.AtLeast(PatchLength, owner, nameof(PatchLength));
        Argument.AtLeast(PatchStride, owner, nameof(PatchStride));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Defined(Scaling, owner, nameof(Scaling));
        Argument.NotNull(Training).Check(owner);
        if (Quantiles is not null)
            Argument.Increasing(Quantiles, owner, nameof(Quantiles));
        Argument.NoNulls(Argument.NotNull(Covariates), owner, nameof(Covariates));
        foreach (var cycle in Argument.NotNull(Calendar))
            Argument.Defined(cycle, owner, nameof(Calendar));
        RequireDistinct(Covariates, owner, nameof(Covariates));
        RequireDistinct([.. Calendar.Select(c => $"{c}")], owner, nameof(Calendar));
    }

    private static void RequireDistinct(IReadOnlyList<string> names, string owner, string option)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            throw new ArgumentException($"{owner}: {option} should list each name once; got {string.Join(", ", names)}.",
                option);
        }
    }
}
