using System.CommandLine;
using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>Fits a detector on the normal part of a series, scores it on the rest if there are labels, and saves it.</summary>
internal sealed class TrainCommand : MachineCommand
{
    private readonly SeriesOptions data = new();
    private readonly DetectorSettings defaults = new();
    private readonly Option<string> model = OptionKinds.Choice("--model", "The detector.", "gru", DetectorKind.Names);
    private readonly Option<string?> output = OptionKinds.Path("--out",
        $"Folder for the detector. [default: a new one under {Runs.Folder}]", "DIR");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command, hasLabels: true, hasNormal: true);
        command.StartGroup("Detector");
        command.Options.Add(model);
        command.Options.Add(output);
        defaults.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (terminal, kind) = (context.Terminal, DetectorKind.Of(result.GetValue(model)!));
        var settings = defaults.Read(result, [kind]);
        var series = data.Load(result);
        series.CheckedNormal();
        var folder = result.GetValue(output) ?? Runs.NewFolder($"{SavedDetector.Prefix}{series.Name}-{kind.Name}");
        var path = Path.Combine(folder, ModelFile.FileName);
        if (File.Exists(path))
            throw new UserException($"--out: '{folder}' holds a detector already. Choose another folder.");
        using var detector = settings.New(kind, series.Values.ChannelCount, series.Step);
        terminal.Heading($"SeqCore anomaly detection: {kind.Name}, by the {kind.Words}");
        terminal.Pair("data", Describe(series));
        terminal.Pair("machine", machine.Description);
        if (detector is NetworkDetector network)
            Show(network, terminal);
        using var taken = new RunFolder(folder);
        var watch = Stopwatch.StartNew();
        Detection.Fit(detector, series, settings, context.Cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        detector.Save(path);
        terminal.Pair("threshold", $"{SeriesText.Score(detector.Threshold)} standard deviations, for"
            + $" {settings.FalseAlarmsText(series.Step)}");
        terminal.Pair("fitted in", Common.Show.Time(seconds));
        terminal.Pair("saved", path);
        terminal.Result([("event", "trained"), ("detector", kind.Name), ("data", series.Name), ("normal", series.Normal),
            .. settings.Configuration(kind, series.Step), ("threshold", detector.Threshold),
            ("parameters", detector.ParameterCount),
            ("seconds", seconds), ("path", path)]);
        if (series.Windows is null || series.Normal == series.Values.Length)
            return;
        var detection = Detection.Behind(detector, series, series.Normal, context.Cancellation);
        EvaluateCommand.Print(DetectionScores.Of([detection]), terminal);
    }

    /// <summary>Describes a series in a line.</summary>
    public static string Describe(MarkedSeries series)
    {
        var values = series.Values;
        var missing = values.Gaps.Sum(g => g.Steps.Length);
        var steps = values.Interval is { } interval ? $"steps of {interval}" : "steps";
        return $"{series.Name}: {Common.Show.Count(values.Length)} {steps} from {series.TimeOf(0)};"
            + $" {Common.Show.Count(series.Normal)} taken as normal"
            + (series.Windows is { } windows ? $"; {Common.Show.Number(windows.Count, "labelled event")}" : "")
            + (missing > 0 ? $"; {Common.Show.Count(missing)} values missing" : "");
    }

    private static void Show(NetworkDetector network, Terminal terminal)
    {
        var epoch = 0;
        network.Evaluated += (_, e) =>
        {
            epoch++;
            terminal.Line($"  pass {epoch,3}  error of held-out steps {Math.Sqrt(e.Loss):0.0000}{(e.IsBest ? "  best" : "")}");
            terminal.Result(("event", "evaluation"), ("pass", epoch), ("loss", e.Loss), ("best", e.IsBest));
        };
    }
}
