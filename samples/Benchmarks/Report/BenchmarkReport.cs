using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>What the documents show of recorded files.</summary>
internal static class BenchmarkReport
{
    private const string Document = "docs/benchmarks.md", Chart = "docs/benchmarks.svg", Readme = "README.md",
        Folder = "docs/benchmarks";

    /// <summary>The recorded files of a checkout.</summary>
    /// <exception cref="UserException">There are none.</exception>
    internal static IReadOnlyList<string> Recorded(string checkout)
    {
        var folder = Path.Combine(checkout, Folder);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl") : [];
        return files.Length > 0
            ? files
            : throw new UserException($"'{folder}' has no recorded file. Make one with .ci/benchmarks, or name one.",
                isUsage: true);
    }

    /// <summary>The files to compare, the newest first; those of one day in the order of their names.</summary>
    internal static IReadOnlyList<Comparison> Compare(IEnumerable<string> files)
    {
        Comparison[] all = [.. files.Select(f => new Comparison(RecordedFile.Read(f)))
            .OrderByDescending(c => c.File.Machine.Date).ThenBy(c => Path.GetFileName(c.File.Path), StringComparer.Ordinal)];
        return all[0].Ratios.Count > 0
            ? all
            : throw new UserException($"{all[0].File.Path} has no workload with both a line of SeqCore and one of another"
                + " library.", isUsage: true);
    }

    /// <summary>
    /// The documents of a checkout as they should be; README and the chart show the newest file of those that ask for it, or of
    /// all.
    /// </summary>
    internal static IReadOnlyList<(string Path, string Text)> Write(string checkout, IReadOnlyList<Comparison> comparisons)
    {
        var sections = comparisons.Select(MachineSection.Write).ToArray();
        var shown = Math.Max(0, comparisons.ToList().FindIndex(c => c.File.Machine.IsShown));
        sections[shown] += "\n[<img src=\"benchmarks.svg\" width=\"100%\""
            + " alt=\"The ratios of the table on a logarithmic scale\">]"
            + "(benchmarks.svg)\n";
        return
        [
            Marked(Document, string.Join('\n', sections)),
            (Path.Combine(checkout, Chart), RatioChart(comparisons[shown])),
            Marked(Readme, ReadmeFigures.Write(comparisons[shown])),
        ];

        (string, string) Marked(string name, string part)
        {
            var path = Path.Combine(checkout, name);
            return (path, MarkedText.Replace(path, File.ReadAllText(path), part));
        }
    }

    private static string RatioChart(Comparison comparison)
    {
        var (machine, peers) = (comparison.File.Machine, comparison.File.Peers);
        var whose = peers.Count == 1 ? $"{peers[0]}'s time" : "Time of the fastest other library";
        return Samples.Common.RatioChart.ToSvg(
            $"{whose} over SeqCore's",
            [machine.Words, $"{machine.Day}. Right of 1, SeqCore is faster."],
            [.. comparison.Workloads.Where(w => w.Ratio is not null).GroupBy(w => w.Name.Kind.Name)
                .Select(kind => new RatioGroup(kind.Key,
                    [.. kind.Select(w => (w.Name.Text[(kind.Key.Length + 1)..], w.Ratio!.Value))]))]);
    }
}
