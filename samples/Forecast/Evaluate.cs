using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Scores a saved forecaster on steps that it has not seen.</summary>
internal sealed class EvaluateCommand : MachineCommand
{
    private readonly Option<string?> checkpoint = PredictCommand.ForecasterOption();
    private readonly Option<string?> data = OptionKinds.Path("--data",
        "A file with steps after those that the forecaster has seen; the earlier ones are left out.", "FILE");
    private readonly Option<int> horizon = OptionKinds.Whole("--horizon",
        "Steps of each forecast; 0 takes those of the training.", 0, 0, 65_536);
    private readonly Option<float> coverage = Intervals.Option();
    private readonly SeriesColumnOptions table = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.StartGroup("Forecaster");
        foreach (var option in (Option[])[checkpoint, horizon, coverage])
            command.Options.Add(option);
        command.StartGroup("Data");
        command.Options.Add(data);
        table.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        if (result.GetValue(data) is not { } file)
        {
            throw new UserException("Name a file with steps that the forecaster has not seen by --data. Scores on the steps for"
                + " test were shown by train, and are in the model card.", isUsage: true);
        }

        var (forecaster, path) = TrainedForecaster.Load(result.GetValue(checkpoint), terminal);
        using var disposal = forecaster;
        var whole = SeriesColumnOptions.ReadFile(file, table.Read(result));
        var later = NewSteps.Of(whole, file, forecaster) ?? throw new UserException($"The forecaster has seen all of '{file}',"
            + $" up to the step before {SeriesText.Time(forecaster.Forecast(1), 0)}. Name a file with later steps.");
        var steps = result.GetValue(horizon) is > 0 and var given ? given : forecaster.Options.Horizon;
        var level = result.Coverage(coverage);
        var rolled = RollingOrigin.EvaluateIntervals(forecaster, later, steps, [level], cancellation: context.Cancellation);
        terminal.Heading($"Forecasts of {Show.Number(steps, "step")}, scored on {Show.Number(later.Length, "new step")}");
        terminal.Pair("forecaster", path);
        terminal.Pair("data", file);
        ScoreTables.OfChannels(rolled, later).Print(terminal);
    }
}
