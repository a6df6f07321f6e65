using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Scores a saved detector on labelled steps that it has not seen.</summary>
internal sealed class EvaluateCommand : MachineCommand
{
    private readonly Option<string?> checkpoint = SavedDetector.Option();
    private readonly SeriesOptions data = new();
    private readonly Option<string?> page = OptionKinds.Path("--page", "HTML page with charts. [default: none]", "FILE");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.StartGroup("Detector");
        command.Options.Add(checkpoint);
        data.AddTo(command, hasLabels: true, hasNormal: false);
        command.StartGroup("Results");
        command.Options.Add(page);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        using var detector = SavedDetector.Load(result.GetValue(checkpoint), terminal);
        var series = data.Load(result, detector.Frame!.Channels);
        if (series.Windows is null)
        {
            throw new UserException("There are no labels to score by. Give --labels or --label-column, or list the anomalies with"
                + " predict.", isUsage: true);
        }

        var kind = DetectorKind.Of(detector);
        var first = SavedDetector.FirstNew(detector, series, terminal);
        OutputFiles.Require(result, SavedDetector.FileOf(result.GetValue(checkpoint)));
        var detection = Detection.Behind(detector, series, first, context.Cancellation);
        terminal.Heading($"{kind.Name} on {series.Name}, from {series.TimeOf(detection.First)} on");
        var scores = DetectionScores.Of([detection]);
        Print(scores, terminal);
        if (result.GetValue(page) is not { } path)
            return;
        DetectionPage.Write(path, detection, kind.Name, [Sentence(scores.Events)]);
        terminal.Pair("page", path);
    }

    /// <summary>Prints scores.</summary>
    public static void Print(DetectionScores scores, Terminal terminal)
    {
        var events = scores.Events;
        terminal.Line(Sentence(events));
        terminal.Pair("precision", Share(events.Precision));
        terminal.Pair("recall", Share(events.Recall));
        if (double.IsFinite(scores.DelayMinutes))
            terminal.Pair("delay", $"{DetectorRow.DelayText(scores.DelayMinutes)} on average");
        if (double.IsFinite(scores.FalseAlarmsPerWeek))
            terminal.Pair("false", $"{SeriesText.Score(scores.FalseAlarmsPerWeek)} alarms a week");
        for (var p = 0; p < scores.Own.Length; p++)
        {
            terminal.Pair($"NAB {DetectionScores.Profiles[p].Name}",
                $"{SeriesText.Score(scores.Own[p])}; {SeriesText.Score(scores.Best[p])} with the best threshold");
        }

        terminal.Paragraph(Note);
        terminal.Result([("event", "scores"), .. scores.Values]);
    }

    private const string Note = "An alarm within a labelled event finds it; all others are false. Precision is events found /"
        + " (events found + false alarms), recall is events found / labelled events. The delay counts from the beginning of an"
        + " event. NAB is the Numenta benchmark's score: 0 is to detect nothing, and 100 everything at once.";

    private static string Sentence(EventScore events) => $"Found {events.FoundEvents} of"
        + $" {Show.Number(events.Events, "labelled event")}, with {Show.Number(events.FalseAlarms, "false alarm")}.";

    private static string Share(double share) => double.IsNaN(share) ? "-" : share.ToString("0.00", CultureInfo.InvariantCulture);
}
