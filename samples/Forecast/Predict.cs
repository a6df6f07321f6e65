using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Forecasts the steps after the last one that a saved forecaster has seen.</summary>
internal sealed class PredictCommand : MachineCommand
{
    private readonly Option<string?> checkpoint = ForecasterOption();
    private readonly Option<int> horizon = OptionKinds.Whole("--horizon",
        "Steps of the forecast; 0 takes those of the training, or 1 with --follow.", 0, 0, 65_536);
    private readonly Option<float> coverage = Intervals.Option();
    private readonly Option<string?> data = OptionKinds.Path("--data",
        "A file whose steps are seen first; those that the forecaster has seen already are left out.", "FILE");
    private readonly SeriesColumnOptions table = new();
    private readonly FollowOptions follow =
        new("Read steps from standard input, as lines of time,value,..., and forecast after each.");
    private readonly Option<string?> output = OptionKinds.Path("--output",
        "CSV file for the forecast. [default: standard output]", "FILE");
    private readonly Option<string?> page = OptionKinds.Path("--page", "HTML page with a chart of the forecast. [default: none]",
        "FILE");

    /// <summary>The option of a saved forecaster.</summary>
    public static Option<string?> ForecasterOption() => OptionKinds.Path("--checkpoint",
        "The folder of a run, or a forecaster's file. [default: the newest under runs]", "PATH");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.StartGroup("Forecaster");
        foreach (var option in (Option[])[checkpoint, horizon, coverage])
            command.Options.Add(option);
        follow.AddTo(command);
        command.StartGroup("Data");
        command.Options.Add(data);
        table.AddTo(command);
        command.StartGroup("Results");
        command.Options.Add(output);
        command.Options.Add(page);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, isFollowing) = (context.Terminal, follow.IsGiven(result));
        if (isFollowing)
            result.Refuse(o => $"{o} and --follow were both given; leave one out.", "--output", "--page");
        var (forecaster, path) = TrainedForecaster.Load(result.GetValue(checkpoint), terminal);
        using var disposal = forecaster;
        OutputFiles.Require(result, path);
        TimeSeries? seen = null;
        if (result.GetValue(data) is { } file)
        {
            seen = SeriesColumnOptions.ReadFile(file, table.Read(result));
            if (NewSteps.Of(seen, file, forecaster) is { } later)
                forecaster.Update(later);
        }

        var level = result.Coverage(coverage);
        var steps = result.GetValue(horizon) is > 0 and var given ? given : isFollowing ? 1 : forecaster.Options.Horizon;
        if (steps > forecaster.Options.Horizon)
        {
            throw new UserException($"--horizon: the forecaster in '{path}' has intervals for {forecaster.Options.Horizon} steps;"
                + $" got {steps}. Train one with a longer --horizon.", isUsage: true);
        }

        if (isFollowing)
        {
            var lines = follow.Steps(result, terminal, forecaster.Forecast(1), table.Read(result));
            Follow.Answer(forecaster, steps, level, lines, terminal);
            return;
        }

        var next = forecaster.ForecastInterval(steps, level);
        var rows = ForecastLines.Header(next).Concat(ForecastLines.Of(next)).Select(l => l + "\n");
        if (result.GetValue(output) is { } to)
        {
            AtomicFile.WriteText(to, string.Concat(rows));
            terminal.Pair("forecast", to);
        }
        else if (!terminal.Json)
        {
            terminal.Output.Write(string.Concat(rows));
        }

        foreach (var values in ForecastLines.Values(next))
            terminal.Result(values);
        if (result.GetValue(page) is { } html)
        {
            var document = new HtmlPage("Forecast");
            document.Paragraph($"The forecaster in {path}, after {SeriesText.Time(next.Point, 0)}.");
            ForecastPage.AddForecast(document, seen, next);
            document.Save(html);
            terminal.Pair("page", html);
        }
    }
}
