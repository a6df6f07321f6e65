using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Compares networks with simpler methods by cross-validation, and prints one table. Runs that are done already are not done
/// again.
/// </summary>
internal sealed class CompareCommand : MachineCommand
{
    private readonly FoldOptions data = new();
    private readonly TrainOptions defaults = new();
    private readonly Option<int> folds = OptionKinds.Whole("--folds",
        "Number of parts, each of which is predicted by a method that was fitted to the others.", 5, 2, 100);
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds",
        "Number of repetitions with other folds: with --seed, with the next whole number, and so on.", 1, 1, 1000);
    private readonly Option<string?> positive = PositiveLabel.Option();
    private readonly Option<string?> methods = OptionKinds.Text("--methods",
        $"Which methods, with commas between them. [default: {string.Join(',', Names)}]", "NAMES");

    private static IEnumerable<string> Names => Contender.Baselines.Select(b => b.Name).Concat(ModelText.Names);

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        data.AddTo(command);
        defaults.AddTo(command);
        command.StartGroup("Runs");
        foreach (var option in (Option[])[folds, seeds, methods, positive])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        result.Refuse(o => $"{o} does not go with compare, which trains networks from the beginning to the end; leave it out.",
            "--from", "--checkpoint-every", "--eval-every", "--patience");
        result.Refuse(o => $"{o}: a comparison keeps the runs that it finished, and needs no {o}; leave it out.", "--resume");
        result.Refuse(o => $"{o} does not go with compare, which trains all; choose some with --methods.", "--model");
        var (terminal, options) = (context.Terminal, defaults.Read(result));
        var name = data.Name(result);
        var (series, path) = data.Read(result);
        var labels = SignalReader.LabelsOf(series, path is null ? "The data" : $"'{path}'");
        var (chosen, label) = (Chosen(result, options), PositiveLabel.Of(result, labels));
        var folder = options.Out ?? Path.Combine(Runs.Folder, $"compare-{name}");
        var count = result.GetValue(folds);
        if (count > series.Count)
        {
            throw new UserException($"--folds {count}: there are {Show.Count(series.Count)} series, and each fold needs one. Use"
                + " fewer folds.", isUsage: true);
        }

        ulong[] all = [.. Enumerable.Range(0, result.GetValue(seeds)).Select(i => options.Seed + (ulong)i)];
        var splits = all.ToDictionary(s => s, s => CrossValidation.Folds(series, count, s, x => x.Label!));

        // Two programs would write the same lines.
        using var taken = new RunFolder(folder);
        var (file, hash) = (new ResultsFile<ContenderRun>(folder, ContenderRun.EarlierFile), Hash(series));
        var description = $"{name}: {Show.Count(series.Count)} series; {SignalData.Shape(series)}; {count} folds.";
        terminal.Heading("Signals: is a network worth it?");
        terminal.Pair("data", description);
        terminal.Pair("machine", machine.Description);
        terminal.Pair("results", file.Location);
        terminal.Line();
        var results = new List<CompareResult>();
        foreach (var method in chosen)
        {
            foreach (var seed in all)
            {
                if (Result(method, options with { Seed = seed }, splits[seed], labels, label, hash, file, context) is not { } own)
                {
                    terminal.Paragraph($"Stopped. The same command continues with {method.Title}, seed {seed}.");
                    return;
                }

                results.Add(own);
                terminal.Line($"  {method.Title,-24} seed {seed}: {Show.Percent(own.Scores.Accuracy.Score),7},"
                    + $" {Show.Time(own.Seconds)}");
                terminal.Result([("event", "run"), ("model", method.Name), ("seed", seed), .. own.Scores.Values,
                    ("folds", own.Folds), ("parameters", own.Parameters), ("seconds", Math.Round(own.Seconds, 2))]);
            }
        }

        var report = new CompareReport(name, results);
        report.Scores.Print(terminal);
        terminal.Line();
        terminal.Paragraph(report.Note);
        var page = Path.Combine(folder, "compare.html");
        report.WritePage(page, description, series);
        terminal.Pair("page", page);
    }

    /// <summary>The result of a method on all folds of a seed; null if it was stopped.</summary>
    private static CompareResult? Result(Contender method, TrainOptions options, IReadOnlyList<DataSplit<LabelledSeries>> splits,
        IReadOnlyList<string> labels, string? positive, string hash, ResultsFile<ContenderRun> file, Context context)
    {
        var runs = new List<ContenderRun>();
        foreach (var (i, split) in splits.Index())
        {
            var recorded = Configuration(method, options, hash, i + 1, splits);
            var run = file.Find(method.Name, options.Seed, recorded);
            if (run is null)
            {
                run = ContenderRun.Of(method, options, recorded, split.Training, split.Test, labels, context.Cancellation);
                if (run is null)
                    return null;
                file.Add(run);
            }

            runs.Add(run);
        }

        return new CompareResult(method, options.Seed,
            new SignalScores(labels, [.. splits.SelectMany(s => s.Test)], [.. runs.SelectMany(r => r.Predictions)], positive),
            [.. runs.Zip(splits, (r, s) => s.Test.Zip(r.Predictions).Average(p => p.First.Label == p.Second.Label ? 1.0 : 0.0))],
            runs[0].Parameters, runs.Sum(r => r.Seconds));
    }

    private IReadOnlyList<Contender> Chosen(ParseResult result, TrainOptions options)
    {
        var all = Contender.All(options);
        if (result.GetValue(methods) is not { } names)
            return all;
        string[] wanted = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (wanted.Length == 0 || Array.Find(wanted, n => all.All(m => m.Name != n)) is { } unknown)
        {
            throw new UserException($"--methods should be some of {string.Join(", ", all.Select(m => m.Name))}; got '{names}'.",
                isUsage: true);
        }

        return [.. all.Where(m => wanted.Contains(m.Name))];
    }

    /// <summary>Everything that the predictions for a fold depend on besides the seed and the method.</summary>
    private static IReadOnlyDictionary<string, string> Configuration(Contender method, TrainOptions options, string hash,
        int fold, IReadOnlyList<DataSplit<LabelledSeries>> splits)
    {
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["series_sha256"] = hash,
            ["folds"] = splits.Count.ToString(CultureInfo.InvariantCulture),
            ["fold"] = fold.ToString(CultureInfo.InvariantCulture),
        };
        if (method.Network is not { } kind)
            return own;
        var network = options.With(kind).For(splits[fold - 1].Training.Count);
        foreach (var (name, value) in ResultsFile.Options(network.NewTrainerOptions("", network.Recorded)))
            own.Add(name, value);
        return own;
    }

    /// <summary>The SHA-256 hash of labels, channels and values: one file has other series with other columns.</summary>
    private static string Hash(IReadOnlyList<LabelledSeries> series)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var each in series)
        {
            var names = string.Join('\n', each.Series.Channels);
            hash.AppendData(Encoding.UTF8.GetBytes($"{each.Label}\n{names}\n{each.Series.Length}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(each.Series.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
