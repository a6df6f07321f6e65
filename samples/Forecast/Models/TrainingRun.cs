using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Trains a network so that people can follow it.</summary>
internal static class TrainingRun
{
    private const string Heading = "SeqCore forecasting";

    /// <summary>Trains a network, which then has the weights of its best evaluation, or the last ones.</summary>
    /// <returns>The report; null if training was stopped, which has been shown.</returns>
    public static TrainingReport? Run(NetworkForecaster forecaster, ForecastModel model, ForecastOptions options, SeriesData data,
        IEnumerable<(string Name, object? Value)> configuration, string folder, Machine machine, Context context) =>
        Fitting.Train(forecaster, options, data, o => o.NewTrainerOptions(folder, configuration), (trainer, task, complete) =>
            new WatchedTraining(trainer, forecaster, complete, folder, machine, context.Terminal)
            {
                Heading = Heading,
                Data = data.Name,
                DataDescription = Describe(data),
                ModelDescription = $"{model.Name}, {model.Description}; reads {options.LookBack} steps, forecasts"
                    + $" {options.Horizon}",
                Examples = "windows",
                Start = [("steps", data.Whole.Length), ("channels", data.Whole.Channels), ("model", model.Name)],
                Unit = "windows",
                PerStep = task.TokensPerBatch,
                Title = $"{model.Name} on {data.Name}",
                LossUnit = "value",
                Colour = model.Colour ?? ModelColour.Lstm,
            }.Run(context.Cancellation));

    /// <summary>Shows the series and the forecaster, if it is only one, where there is no display of training.</summary>
    public static void Introduce(ForecastModel? model, SeriesData data, Machine machine, string folder, Terminal terminal)
    {
        terminal.Heading(Heading);
        terminal.Pair("data", $"{data.Name}: {Describe(data)}");
        if (model is not null)
            terminal.Pair("model", $"{model.Name}, {model.Description}");
        terminal.Pair("machine", machine.Description);
        terminal.Pair("folder", folder);
        terminal.Line();
    }

    /// <summary>Describes a series and its parts.</summary>
    public static string Describe(SeriesData data)
    {
        var whole = data.Whole;
        var channels = whole.ChannelCount == 1 ? "" : $"{whole.ChannelCount} channels, ";
        var times = whole.Start is null ? ""
            : $" of {whole.Interval} from {SeriesText.Time(whole, 0)} to {SeriesText.Time(whole, whole.Length - 1)}";
        var season = data.Season > 1 ? $"; a season of {data.Season}" : "";
        return $"{channels}{Show.Count(whole.Length)} steps{times}: {Show.Count(data.Training.Length)} for training,"
            + $" {Show.Count(data.Validation.Length)} for validation, {Show.Count(data.Test?.Length ?? 0)} for test{season}"
            + (data.DescribeGaps() is { } gaps ? $"; {gaps}" : "");
    }

    /// <summary>A configuration as texts, without what is null.</summary>
    public static IReadOnlyDictionary<string, string> Texts(IEnumerable<(string Name, object? Value)> configuration) =>
        configuration.Where(c => c.Value is not null).ToDictionary(c => c.Name,
            c => Convert.ToString(c.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal);
}
