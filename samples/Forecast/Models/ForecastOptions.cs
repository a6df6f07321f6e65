using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>The options of forecasters and their training.</summary>
internal sealed record ForecastOptions : TrainingOptions
{
    private static readonly Dictionary<string, CalendarFeature> cycles = new()
    {
        ["hour"] = CalendarFeature.MinuteOfHour,
        ["day"] = CalendarFeature.TimeOfDay,
        ["week"] = CalendarFeature.DayOfWeek,
        ["month"] = CalendarFeature.DayOfMonth,
        ["year"] = CalendarFeature.DayOfYear,
    };

    private static readonly double[] levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    private const int UsualEpochs = 10, FewestSteps = 500, MostSteps = 3000, UsualLookBack = 336;
    private const string Last = "last";

    /// <summary>The defaults, with which each network learns the built-in series in a few seconds on two cores.</summary>
    public ForecastOptions() =>
        (Iterations, Batch, LearningRate, Schedule, FinalRate, Patience) = (0, 32, 0.005f, "cosine", 0.02, 6);

    /// <summary>The number of steps of a forecast, H; 0 for what suits the series.</summary>
    public int Horizon { get; init; }

    /// <summary>The number of steps that a network reads, L; 0 for what suits the series.</summary>
    public int LookBack { get; init; }

    /// <summary>The hidden units of recurrent layers and convolutions, or the width of a Transformer.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>The number of layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>The heads of a Transformer.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The steps of a patch, and from one patch to the next.</summary>
    public int Patch { get; init; } = 16;

    /// <inheritdoc cref="Patch"/>
    public int Stride { get; init; } = 8;

    /// <summary>The cycles of the calendar that a network reads.</summary>
    public IReadOnlyList<CalendarFeature> Calendar { get; init; } = [];

    /// <summary>Whether networks forecast quantiles, for intervals of their own.</summary>
    public bool HasQuantiles { get; init; }

    /// <summary>The probability of dropout.</summary>
    public float DropoutRate { get; init; }

    /// <summary>Whether the weights of the last step are kept, not those of the best evaluation.</summary>
    public bool KeepsLast { get; init; }

    /// <inheritdoc/>
    protected override string Examples => "Windows";

    /// <inheritdoc/>
    protected override string Units => "window";

    /// <inheritdoc/>
    protected override int LeastIterations => 0;

    /// <inheritdoc/>
    protected override string IterationsHelp =>
        "Number of training steps of a network; 0 takes ten passes over the windows, 500 to 3,000 steps.";

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        command.StartGroup("Forecaster");
        command.Add(OptionKinds.Whole("--horizon",
            "Steps of a forecast; 0 takes a season, at least 12, or what suits a named series.", Horizon, 0, Most));
        command.Add(OptionKinds.Whole("--look-back",
            "Steps that a network reads; 0 takes 336, or three seasons or horizons, as far as the series allows.", LookBack, 0,
            Most));
        command.Add(OptionKinds.Whole("--hidden", "Units of recurrent layers and convolutions, or width of a Transformer.",
            Hidden, 1, Most));
        command.Add(OptionKinds.Whole("--layers", "Number of layers.", Layers, 1, 64));
        command.Add(OptionKinds.Whole("--heads", "Heads of a Transformer; divides --hidden.", Heads, 1, 1024));
        command.Add(OptionKinds.Whole("--patch", "Steps of a patch that a Transformer reads.", Patch, 1, Most));
        command.Add(OptionKinds.Whole("--stride", "Steps from one patch to the next.", Stride, 1, Most));
        command.Add(Dropout(DropoutRate));
        command.Add(OptionKinds.Text("--calendar", "Cycles of the calendar that recurrent and convolutional networks read at each"
            + $" step, also ahead, with commas between them: {string.Join(", ", cycles.Keys)}. [default: none]", "NAMES"));
        command.Add(OptionKinds.Flag("--quantiles", "Networks that forecast all steps at once learn quantiles, from 5 to 95 %, by"
            + " the pinball loss: intervals are then as wide as the network says at each step, and made to hold by its errors."
            + " A forecast is the median.",
            HasQuantiles));
        base.AddTo(command);
        command.Add(OptionKinds.Choice("--keep",
            "Keep the best weights, by the steps for validation, or the last ones, where their loss goes up and down.",
            KeepsLast ? Last : "best", "best", Last));
        var evaluations = command.Options.Single(o => o.Name == "--eval-every");
        evaluations.Description = "Steps between evaluations; 0 takes a pass over the windows, but from a twentieth to a tenth of"
            + " the iterations.";
    }

    /// <inheritdoc/>
    public override ForecastOptions Read(ParseResult result) => (ForecastOptions)base.Read(result) with
    {
        Horizon = result.Given("--horizon", Horizon),
        LookBack = result.Given("--look-back", LookBack),
        Hidden = result.Given("--hidden", Hidden),
        Layers = result.Given("--layers", Layers),
        Heads = result.Given("--heads", Heads),
        Patch = result.Given("--patch", Patch),
        Stride = result.Given("--stride", Stride),
        DropoutRate = result.Given("--dropout", DropoutRate),
        Calendar = result.Given<string?>("--calendar", null) is { } names ? Cycles(names) : Calendar,
        HasQuantiles = result.Given("--quantiles", HasQuantiles),
        KeepsLast = result.Given("--keep", KeepsLast ? Last : "best") == Last,
    };

    /// <summary>The options of a command line, with what suits a series and a forecaster where none are given.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="data">The series.</param>
    /// <param name="set">The named series; null for other data.</param>
    /// <param name="result">The command line.</param>
    /// <param name="horizon">The horizon; null for that of the command line.</param>
    public static ForecastOptions Of(ForecastModel model, SeriesData data, ForecastSet? set, ParseResult result,
        int? horizon = null)
    {
        var defaults = new ForecastOptions();
        var steps = horizon ?? (result.Given("--horizon", 0) is > 0 and var given ? given : set?.Horizon ?? 0);
        if (set == ForecastSet.Etth1)
            defaults = EtthOptions.For(model);
        var options = defaults.Read(result) with { Horizon = steps };
        options = options with { HasQuantiles = options.HasQuantiles && model.ForecastsQuantiles };
        if (options.HasQuantiles && model.ReadsCalendar && options.Calendar.Count > 0)
            throw new UserException("--calendar and --quantiles were both given, and networks that forecast quantiles read values"
                + " alone; leave one out.", isUsage: true);
        if (options.KeepsLast && result.IsGiven("--patience") && options.Patience > 0)
            throw new UserException("--patience stops at the best weights, and --keep last keeps the last ones; leave one out.",
                isUsage: true);
        var complete = (options.KeepsLast ? options with { Patience = 0 } : options).For(data);
        complete.RequireSteps(data);
        if (model.IsTransformer && complete.Hidden % complete.Heads != 0)
        {
            throw new UserException($"--heads should divide --hidden; got {complete.Heads} and {complete.Hidden}.",
                isUsage: true);
        }

        if (model.Network is null && model.HasLookBack && options.LookBack == 0)
            complete = complete with { LookBack = Math.Clamp(data.Season, 12, 24) };
        return complete;
    }

    private void RequireSteps(SeriesData data)
    {
        foreach (var (part, option, steps) in (ReadOnlySpan<(string, string, int?)>)
            [("validation", "--validation", data.Validation.Length), ("test", "--test", data.Test?.Length)])
        {
            if (steps < Horizon)
            {
                throw new UserException($"Forecasts of {Show.Number(Horizon, "step")} do not fit into the"
                    + $" {Show.Number(steps.Value, "step")} for {part} of '{data.Name}'. Give a shorter --horizon or a larger"
                    + $" {option}.", isUsage: true);
            }
        }
    }

    private ForecastOptions For(SeriesData data)
    {
        var horizon = Horizon > 0 ? Horizon : Math.Clamp(data.Season, 12, Math.Max(12, data.Validation.Length / 2));
        var wanted = Math.Max(3 * Math.Max(data.Season, horizon), Math.Min(UsualLookBack, data.Training.Length / 5));

        // A window of look-back and horizon should fit into the steps for training many times.
        var most = Math.Max(data.Season + 1, (data.Training.Length / 2) - horizon);
        return this with { Horizon = horizon, LookBack = LookBack > 0 ? LookBack : Math.Clamp(wanted, 1, Math.Max(1, most)) };
    }

    /// <summary>These options with the number of steps, if it is not given, and an evaluation after each pass.</summary>
    /// <param name="batchesPerPass">The number of batches in a pass over the windows.</param>
    public ForecastOptions WithSteps(int batchesPerPass)
    {
        var steps = Iterations > 0 ? Iterations : Math.Clamp(UsualEpochs * batchesPerPass, FewestSteps, MostSteps);
        var usual = Math.Clamp(batchesPerPass, steps / 20, (steps / 10) + 1);
        return this with { Iterations = steps, EvalEvery = EvalEvery > 0 ? EvalEvery : usual };
    }

    /// <summary>What the figures of a forecaster depend on, beside its training and the series.</summary>
    public IEnumerable<(string Name, object? Value)> Configuration(ForecastModel model) =>
    [
        ("model", model.Name), ("horizon", Horizon), .. !model.HasSeeds ? [] : new (string Name, object? Value)[]
        {
            ("look_back", LookBack), ("hidden", model.HasLayers ? Hidden : null), ("layers", model.HasLayers ? Layers : null),
            ("heads", model.IsTransformer ? Heads : null), ("patch", model.IsTransformer ? Patch : null),
            ("stride", model.IsTransformer ? Stride : null),
            ("dropout", model.HasLayers && model.Network is not null ? DropoutRate : null),
            ("quantiles", HasQuantiles ? string.Join(",", levels.Select(Show.Percent)) : null),
            ("calendar", model.ReadsCalendar && Calendar.Count > 0 ? string.Join(",", Calendar) : null),
            ("patience", Patience > 0 && model.Network is not null ? Patience : null), ("keep", KeepsLast ? Last : null),
        },
    ];

    /// <summary>The options of the library's forecaster.</summary>
    /// <param name="model">The network.</param>
    /// <param name="season">The number of steps of a season.</param>
    public NetworkForecasterOptions NetworkOptions(ForecastModel model, int season) => new()
    {
        Network = model.Network!.Value,
        Calendar = model.ReadsCalendar ? Calendar : [],
        LookBack = LookBack,
        Horizon = Horizon,
        Period = Math.Max(2, season),
        HiddenSize = Hidden,
        Layers = Layers,
        HeadCount = Heads,
        PatchLength = Math.Min(Patch, LookBack),
        PatchStride = Stride,
        Dropout = DropoutRate,
        Quantiles = HasQuantiles ? levels : null,
    };

    /// <summary>The options of exponential smoothing with an LSTM, which trains itself.</summary>
    /// <param name="season">The number of steps of a season.</param>
    public SmoothingLstmOptions SmoothingOptions(int season) => new()
    {
        Season = season,
        LookBack = LookBack,
        Horizon = Horizon,
        HiddenSize = Hidden,
        Layers = Layers,
        Seed = Seed,
    };

    private static CalendarFeature[] Cycles(string names) => [.. names.Split(',').Select(n => n.Trim()).Distinct().Select(n =>
        cycles.TryGetValue(n, out var cycle) ? cycle : throw new UserException(
            $"--calendar should be some of {string.Join(", ", cycles.Keys)}, with commas between them; got '{names}'.",
            isUsage: true))];
}
