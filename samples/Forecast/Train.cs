using System.CommandLine;
using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Fits a forecaster to a series, scores it on the last steps, and saves it.</summary>
internal sealed class TrainCommand : MachineCommand
{
    private readonly SeriesOptions data = new();
    private readonly ForecastOptions defaults = new();
    private readonly Option<string> model = OptionKinds.Choice("--model", "The forecaster.", "nlinear",
        [.. ForecastModel.Names]);
    private readonly Option<float> coverage = Intervals.Option();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Results");
        command.Options.Add(model);
        command.Options.Add(coverage);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, kind) = (context.Terminal, ForecastModel.Of(result.GetValue(model)!));
        if (result.IsGiven("--from"))
            throw new UserException("--from: a forecaster is trained from the beginning; leave it out.", isUsage: true);
        RefuseOthers(kind, result);
        var level = result.Coverage(coverage);
        var series = data.Load(result, terminal, context.Cancellation);
        var options = ForecastOptions.Of(kind, series, data.Set(result), result);
        Intervals.Require(level, options, series);
        var folder = Runs.Choose(options, $"forecast-{kind.Name}-{series.Name}", [NetworkForecaster.KindName]);
        if (!options.Resume && File.Exists(Path.Combine(folder, TrainedForecaster.FileName)))
        {
            throw new UserException($"The folder '{folder}' holds the forecaster of another run. Choose another folder with"
                + " --out.");
        }

        IEnumerable<(string, object?)> configuration = [.. data.Configuration(result, series), .. options.Configuration(kind)];

        // Fit: to the steps for training; those for validation choose the best weights, unless the last ones are kept.
        var random = new RandomGenerator(options.Seed);
        var fitted = Fitting.New(kind, options, series, random);
        var start = Stopwatch.GetTimestamp();
        using RunFolder? taken = fitted is NetworkForecaster ? null : new RunFolder(folder);
        if (fitted is NetworkForecaster network)
        {
            var report = TrainingRun.Run(network, kind, options, series, configuration, folder, machine, context);
            if (report is null)
                return;
            report.Print(terminal);
        }
        else
        {
            TrainingRun.Introduce(kind, series, machine, folder, terminal);
            fitted.Fit(series.Training, context.Cancellation);
        }

        // Calibrate: intervals are as wide as the errors on the steps for validation.
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var forecaster = Intervals.Calibrate(fitted, options, level, series, context.Cancellation);

        // Score: forecasts from each step of the test, beside those of baselines. The forecaster has seen all steps then.
        var scores = series.Test is null
            ? null
            : ForecastScores.OfTest(forecaster, series, options, level, context.Cancellation);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, TrainedForecaster.FileName);
        forecaster.Save(path);
        var rows = new List<ForecastRow>();
        var next = forecaster.ForecastInterval(options.Horizon, level);
        if (scores is not null)
        {
            rows.AddRange(Baseline.Rows(kind, options, series, level, context.Cancellation));
            rows.Add(ForecastRow.Of(kind, options.Seed, options.Horizon, scores, seconds, fitted.ParameterCount, next, null));
            ScoreTables.Of(series, rows, options.Horizon, level).Print(terminal);
        }

        var page = Path.Combine(folder, "forecast.html");
        ForecastPage.Of(kind, series, scores, rows, next).Save(page);
        var card = new ModelCard
        {
            Program = "Forecast",
            Model = kind.Description,
            Parameters = fitted.ParameterCount,
            Data = series.Card,
            Seed = options.Seed,
            Options = TrainingRun.Texts(configuration),
            ModelOptions = ModelCard.OptionsIn(path),
            Figures = scores is null ? [] : [("test", [.. rows[^1].Figures])],
        }.Save(folder);
        terminal.Line();
        terminal.Pair("forecaster", path);
        terminal.Pair("page", page);
        terminal.Pair("model card", card);
        terminal.Result([("event", "result"), ("model", kind.Name), .. rows.Count > 0 ? rows[^1].Figures : [],
            ("forecaster", path), ("page", page), ("card", card)]);
    }

    /// <summary>Refuses options that the forecaster does not have.</summary>
    private static void RefuseOthers(ForecastModel model, ParseResult result)
    {
        if (model.Network is null)
        {
            var reason = model.HasSeeds ? "trains itself in its own way" : "is none";
            result.Refuse(o => $"{o} is for networks, and {model.Name} {reason}; leave it out.", "--iterations", "--batch",
                "--learning-rate", "--schedule", "--final-rate", "--warmup", "--weight-decay", "--beta2", "--clip",
                "--eval-every", "--patience", "--keep", "--checkpoint-every", "--resume", "--dropout", "--quantiles");
        }

        if (!model.ForecastsQuantiles)
        {
            result.Refuse(o => $"{o} is for networks that forecast all steps at once, and {model.Name} reads its own forecasts;"
                + " leave it out.", "--quantiles");
        }

        if (!model.HasLookBack)
            result.Refuse(o => $"{o} is for networks, and {model.Name} is none; leave it out.", "--look-back", "--seed");
        if (!model.HasLayers)
        {
            result.Refuse(o => $"{o} is for networks with hidden units, and {model.Name} has none; leave it out.", "--hidden",
                "--layers", "--dropout");
        }

        if (!model.ReadsCalendar)
        {
            result.Refuse(o => $"{o} is for recurrent and convolutional networks, and {model.Name} reads values alone; leave it"
                + " out.", "--calendar");
        }

        if (!model.IsTransformer)
        {
            result.Refuse(o => $"{o} is for the forecaster patches, and {model.Name} reads single steps; leave it out.",
                "--heads", "--patch", "--stride");
        }
    }
}
