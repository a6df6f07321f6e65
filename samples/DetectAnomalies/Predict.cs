using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Lists the anomalies of a file, or answers each line of standard input.</summary>
internal sealed class PredictCommand : MachineCommand
{
    private readonly Option<string?> checkpoint = SavedDetector.Option();
    private readonly SeriesOptions data = new();
    private readonly FollowOptions follow =
        new("Read steps from standard input, as lines of time,value,..., and judge each as it comes.");
    private readonly Option<string?> output = OptionKinds.Path("--output", "CSV file. [default: standard output]", "FILE");
    private readonly Option<string?> page = OptionKinds.Path("--page", "HTML page with charts. [default: none]", "FILE");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.StartGroup("Detector");
        command.Options.Add(checkpoint);
        follow.AddTo(command);
        data.AddTo(command, hasLabels: false, hasNormal: false);
        command.StartGroup("Results");
        command.Options.Add(output);
        command.Options.Add(page);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, isFollowing) = (context.Terminal, follow.IsGiven(result));
        if (isFollowing)
            result.Refuse(o => $"{o} and --follow were both given; leave one out.", "--data", "--output", "--page");
        using var detector = SavedDetector.Load(result.GetValue(checkpoint), terminal);
        if (isFollowing)
        {
            var next = Follow.Next(detector.Frame!);
            Follow.Answer(detector, follow.Steps(result, terminal, next, data.Table(result)), terminal);
            return;
        }

        var series = data.Load(result, detector.Frame!.Channels);
        var first = SavedDetector.FirstNew(detector, series, terminal);
        OutputFiles.Require(result, SavedDetector.FileOf(result.GetValue(checkpoint)));
        var detection = Detection.Behind(detector, series, first, context.Cancellation);
        List<string> lines = [EventLines.Head, .. detection.Events.Select(e => EventLines.Of(detection, e))];
        if (result.GetValue(output) is { } file)
        {
            AtomicFile.WriteText(file, string.Concat(lines.Select(l => l + '\n')));
            terminal.Error.WriteLine($"Events: {file}");
        }
        else if (!terminal.Json)
        {
            lines.ForEach(terminal.Output.WriteLine);
        }

        foreach (var one in detection.Events)
            terminal.Result(EventLines.Values(detection, one));
        if (result.GetValue(page) is not { } path)
            return;
        DetectionPage.Write(path, detection, DetectorKind.Of(detector).Name,
            [$"{Show.Number(detection.Events.Count, "event")} from {series.TimeOf(detection.First)} on."]);
        terminal.Error.WriteLine($"Page: {path}");
    }
}
