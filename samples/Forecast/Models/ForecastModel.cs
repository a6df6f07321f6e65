using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>A forecaster that a user can name.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Description">What it is, for tables and pages.</param>
internal sealed record ForecastModel(string Name, string Description)
{
    /// <summary>The baselines: they are fitted in no time, and a network should be better to be worth it.</summary>
    public static IReadOnlyList<ForecastModel> Baselines { get; } =
    [
        new("naive", "the last value") { Own = (_, _, _) => new NaiveForecaster() },
        new("seasonal-naive", "the value one season before")
        {
            Own = (d, _, _) => new NaiveForecaster(d.Season),
            NeedsSeason = true,
        },
        new("drift", "the line from the first to the last value") { Own = (_, _, _) => new DriftForecaster() },
        new("holt-winters", "exponential smoothing of level, trend and season")
        {
            Own = (d, _, _) => new HoltWintersForecaster(d.Season),
        },
        new("theta", "the Theta method") { Own = (d, _, _) => new ThetaForecaster(d.Season) },
    ];

    /// <summary>The networks.</summary>
    public static IReadOnlyList<ForecastModel> Networks { get; } =
    [
        new("dlinear", "two lines, of trend and remainder") { Network = ForecastNetworkKind.DLinear },
        new("nlinear", "a line on the differences from the last value") { Network = ForecastNetworkKind.NLinear },
        new("period-linear", "one small line for all phases of a period")
        {
            Network = ForecastNetworkKind.PeriodLinear,
            NeedsSeason = true,
        },
        new("patches", "a Transformer that reads patches") { Network = ForecastNetworkKind.PatchTransformer },
        new("rnn", "a simple recurrent network") { Network = ForecastNetworkKind.Rnn },
        new("lstm", "an LSTM") { Network = ForecastNetworkKind.Lstm },
        new("gru", "a GRU") { Network = ForecastNetworkKind.Gru },
        new("tcn", "temporal convolutions") { Network = ForecastNetworkKind.Convolution },
        new("rnn-step", "a simple recurrent network that reads its own forecasts")
        {
            Network = ForecastNetworkKind.AutoregressiveRnn,
        },
        new("lstm-step", "an LSTM that reads its own forecasts") { Network = ForecastNetworkKind.AutoregressiveLstm },
        new("gru-step", "a GRU that reads its own forecasts") { Network = ForecastNetworkKind.AutoregressiveGru },
        new("attention", "an encoder and a decoder of GRUs, with attention") { Network = ForecastNetworkKind.EncoderDecoder },
        new("smoothing-lstm", "exponential smoothing of each channel, and one LSTM for all")
        {
            Own = (d, o, r) => new SmoothingLstmForecaster(d.Whole.ChannelCount, o.SmoothingOptions(d.Season), r),
            HasLayers = true,
            HasSeeds = true,
        },
    ];

    /// <summary>Every forecaster, baselines first.</summary>
    public static IReadOnlyList<ForecastModel> All { get; } = [.. Baselines, .. Networks];

    /// <summary>Makes a forecaster that fits itself to a series; null for a network that the program trains.</summary>
    public Func<SeriesData, ForecastOptions, RandomGenerator, Forecaster>? Own { get; private init; }

    /// <summary>The network that the program trains; null for a forecaster that fits itself.</summary>
    public ForecastNetworkKind? Network
    {
        get;
        private init => (field, HasSeeds, HasLayers) = (value, true, value is not (ForecastNetworkKind.DLinear
            or ForecastNetworkKind.NLinear or ForecastNetworkKind.PeriodLinear));
    }

    /// <summary>Whether it begins with weights that a seed draws.</summary>
    public bool HasSeeds { get; private init; }

    /// <summary>Whether it is only for series with a season.</summary>
    public bool NeedsSeason { get; private init; }

    /// <summary>Whether it has layers of hidden units.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>Whether it reads a number of steps before a forecast that can be chosen.</summary>
    public bool HasLookBack => HasSeeds;

    /// <summary>Whether it reads cycles of the calendar.</summary>
    public bool ReadsCalendar => Network is not null && HasLayers && !IsTransformer;

    /// <summary>Whether it can forecast quantiles, as networks do that forecast all steps at once.</summary>
    public bool ForecastsQuantiles => Network is not (null or ForecastNetworkKind.AutoregressiveRnn
        or ForecastNetworkKind.AutoregressiveLstm or ForecastNetworkKind.AutoregressiveGru or ForecastNetworkKind.EncoderDecoder);

    /// <summary>Whether it is a Transformer, with heads and patches.</summary>
    public bool IsTransformer => Network == ForecastNetworkKind.PatchTransformer;

    /// <summary>The names of all forecasters.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(m => m.Name)];

    /// <summary>The forecaster of a name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static ForecastModel Of(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new UserException($"There is no forecaster '{name}'. Choose among {string.Join(", ", Names)}.", isUsage: true);

    /// <summary>The colour of its lines in charts.</summary>
    public ModelColour? Colour => Network switch
    {
        ForecastNetworkKind.PatchTransformer => ModelColour.Transformer,
        ForecastNetworkKind.Rnn or ForecastNetworkKind.AutoregressiveRnn => ModelColour.Rnn,
        ForecastNetworkKind.Lstm or ForecastNetworkKind.AutoregressiveLstm => ModelColour.Lstm,
        ForecastNetworkKind.Gru or ForecastNetworkKind.AutoregressiveGru or ForecastNetworkKind.EncoderDecoder => ModelColour.Gru,
        _ => null,
    };
}
