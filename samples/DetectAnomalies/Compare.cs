using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// Scores detectors side by side, baselines first; finished rows are kept, so that the same command continues after a stop.
/// </summary>
/// <param name="isDemonstration">Whether it is what the program does without a command.</param>
internal sealed class CompareCommand(bool isDemonstration) : MachineCommand
{
    private readonly SeriesOptions data = new();
    private readonly DetectorSettings defaults = new();
    private readonly Option<string?> nab = OptionKinds.Path("--nab",
        "Folder of a copy of the Numenta benchmark, whose seven series of known cause are taken together.", "DIR");
    private readonly Option<string?> models = OptionKinds.Text("--models",
        $"Detectors, with commas between them: {string.Join(", ", DetectorKind.Names)}. [default: all]", "NAMES");
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds", "Seeds of each network, from --seed on.", 1, 1, 100);
    private readonly Option<string?> output = OptionKinds.Path("--out",
        $"Folder for the rows and the page. [default: one under {Runs.Folder}]", "DIR");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command, hasLabels: true, hasNormal: true);
        command.Options.Add(nab);
        command.StartGroup("Comparison");
        foreach (var option in (Option[])[models, seeds, output])
            command.Options.Add(option);
        defaults.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        var kinds = Kinds(result);
        var settings = defaults.Read(result, kinds);
        if (!kinds.Any(k => k.IsNetwork))
        {
            result.Refuse(o => $"{o} means nothing for {string.Join(", ", kinds.Select(k => k.Name))}, which are not trained;"
                + " leave it out.", seeds.Name);
        }

        var (name, series) = Load(result);
        var folder = result.GetValue(output) ?? Path.Combine(Runs.Folder, $"{SavedDetector.Prefix}{name}");

        if (File.Exists(Path.Combine(folder, ModelFile.FileName)) && !File.Exists(Path.Combine(folder, ResultsFile.Name)))
        {
            throw new UserException($"--out: '{folder}' holds a detector of the train command, which the best one here would"
                + " replace. Choose another folder.");
        }

        // Two programs would overwrite each other's results.
        using var taken = new RunFolder(folder);
        terminal.Heading("SeqCore anomaly detection");
        foreach (var one in series)
            terminal.Pair("data", TrainCommand.Describe(one));
        terminal.Pair("machine", machine.Description);
        terminal.Pair("folder", folder);
        terminal.Paragraph(Beginning);
        var rows = Rows(kinds, settings, result.GetValue(seeds), series, folder, context);
        DetectorRow.TableOf(rows).Print(terminal);
        terminal.Paragraph(Legend);
        DetectorRow.ProfilesOf(rows).Print(terminal);
        terminal.Paragraph(ProfileLegend);
        WritePage(rows, kinds, settings, name, series, folder, context);
        if (isDemonstration)
        {
            context.TellMore("-- predict for the events that the best of them lists, -- train --data my.csv for a series of your"
                + " own");
        }
    }

    private const string Beginning = "Each detector is fitted on the normal part and judges the rest. Its NAB score is 0 if it"
        + " detects nothing, and 100 if it detects everything at once.";

    private const string Legend = "NAB is the normalised standard score of the Numenta benchmark, where 0 is to detect nothing"
        + " and 100 to detect everything at once, with the threshold that suits these labels best; own is the same with the"
        + " thresholds that the normal data chose. The other columns are of these too: events found; precision, which is"
        + " events found / (events found + false alarms); false alarms a week; and the mean delay from the beginning of"
        + " an event.";

    private const string ProfileLegend = "The profiles of the benchmark weigh mistakes: low FP counts a false alarm twice, low FN"
        + " an event that is not found.";

    private DetectorKind[] Kinds(ParseResult result)
    {
        if (result.GetValue(models) is not { } names)
            return [.. DetectorKind.All];
        DetectorKind[] kinds = [.. names.Split(',').Select(n => DetectorKind.Of(n.Trim()))];
        return kinds.CountBy(k => k).FirstOrDefault(k => k.Value > 1).Key is { } repeated
            ? throw new UserException($"--models names '{repeated.Name}' twice; name each detector once.", isUsage: true)
            : kinds;
    }

    private (string Name, IReadOnlyList<MarkedSeries> Series) Load(ParseResult result)
    {
        if (result.GetValue(nab) is { } folder)
        {
            result.Refuse(o => $"{o} and --nab were both given; leave one out.", "--data", "--labels", "--label-column",
                "--normal", "--columns", "--time", "--time-format", "--delimiter", "--decimal-comma", "--no-header");
            return ("nab", NabFolder.Read(folder));
        }

        var series = data.Load(result).Checked();
        return series.Windows is { Count: > 0 }
            ? (series.Name, [series])
            : throw new UserException("Detectors are compared by labelled anomalies, and there are none. Give --labels or"
                + " --label-column.", isUsage: true);
    }

    private static List<DetectorRow> Rows(DetectorKind[] kinds, DetectorSettings settings, int seeds,
        IReadOnlyList<MarkedSeries> series, string folder, Context context)
    {
        var (file, terminal, rows) = (new ResultsFile<DetectorRow>(folder), context.Terminal, new List<DetectorRow>());
        var wanted = kinds.SelectMany(k => Enumerable.Range(0, k.IsNetwork ? seeds : 1)
            .Select(i => (Kind: k, Seed: k.IsNetwork ? settings.Seed + (ulong)i : 0))).ToArray();
        var shared = Labels(series);
        foreach (var (kind, seed) in wanted)
        {
            var own = settings.Configuration(kind, series.Select(s => s.Step)).Concat(shared)
                .ToDictionary(c => c.Name, c => Convert.ToString(c.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal);
            var row = file.Find(kind.Name, seed, own);
            var kept = row is not null;
            if (row is null)
                file.Add(row = Row(kind, settings.With(seed), series, own, context.Cancellation));
            rows.Add(row);
            terminal.Line($"  {kind.Name,-12} {(kept ? "kept from an earlier run" : Show.Time(row.Seconds))}"
                + $"{(seeds > 1 && kind.IsNetwork ? $", seed {seed}" : "")}: NAB score {SeriesText.Score(row.NabBest[0])},"
                + $" row {rows.Count} of {wanted.Length}");
            terminal.Result(row.Values);
        }

        return rows;
    }

    /// <summary>
    /// What rows depend on beside the detector: the values and how they were read, what of them is normal, and the labels.
    /// </summary>
    private static (string Name, object? Value)[] Labels(IReadOnlyList<MarkedSeries> series)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var one in series)
            hash.AppendData(MemoryMarshal.AsBytes(one.Values.Values));
        return
        [
            ("data_sha256", Convert.ToHexStringLower(hash.GetHashAndReset())),
            ("channels", string.Join(' ', series.Select(s => string.Join(',', s.Values.Channels)))),
            ("steps", string.Join(' ', series.Select(s => s.Step is { } step ? $"{step:c}" : "none"))),
            ("normal", string.Join(' ', series.Select(s => s.Normal))),
            ("windows", string.Join(' ', series.SelectMany(s => s.Windows!).Select(w => $"{w.Start}+{w.Length}"))),
        ];
    }

    private static DetectorRow Row(DetectorKind kind, DetectorSettings settings, IReadOnlyList<MarkedSeries> series,
        IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (detections, parameters) = (new List<Detection>(), 0L);
        foreach (var one in series)
        {
            using var detector = settings.New(kind, one.Values.ChannelCount, one.Step);
            detections.Add(Detection.Of(detector, one, settings, cancellation));
            parameters = detector.ParameterCount;
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return DetectorRow.Of(kind.Name, settings.Seed, options, parameters, seconds, DetectionScores.Of(detections));
    }

    /// <summary>
    /// Writes the page: the tables, and the charts of the best detector, which is run once more. That of a single series is
    /// saved, for the predict command.
    /// </summary>
    private static void WritePage(List<DetectorRow> rows, DetectorKind[] kinds, DetectorSettings settings, string name,
        IReadOnlyList<MarkedSeries> series, string folder, Context context)
    {
        var (terminal, page) = (context.Terminal, new HtmlPage($"Detectors on {name}"));
        var tables = new[] { (DetectorRow.TableOf(rows), Legend), (DetectorRow.ProfilesOf(rows), ProfileLegend) };
        foreach (var (table, legend) in tables)
        {
            page.Table(table.Head, table.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
            page.Paragraph(legend);
        }

        page.List(kinds.Select(k => $"{k.Name}: {k.Words}"));
        var best = rows.MaxBy(r => r.NabOwn[0])!;
        var kind = DetectorKind.Of(best.Row);
        var own = settings.With(best.Seed);
        foreach (var one in series)
        {
            using var detector = own.New(kind, one.Values.ChannelCount, one.Step);
            Detection.Fit(detector, one, own, context.Cancellation);
            if (series.Count == 1)
            {
                var saved = Path.Combine(folder, ModelFile.FileName);
                detector.Save(saved);
                terminal.Pair("saved", $"{kind.Name}, the best with its own threshold: {saved}");
            }

            page.Heading(series.Count > 1 ? $"{one.Name}, by {kind.Name}" : $"By {kind.Name}");
            DetectionPage.Add(page, Detection.Behind(detector, one, one.Normal, context.Cancellation), kind.Name);
        }

        var path = Path.Combine(folder, "anomalies.html");
        page.Save(path);
        terminal.Pair("page", path);
        terminal.Result(("event", "page"), ("page", path));
    }
}
