using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The options that choose the pairs.</summary>
internal sealed class PairOptions()
    : DataOptions("set of pairs", "A UTF-8 file of your own pairs; each line is source, tab, target.", BuiltIn,
        [.. PairSet.All.Select(s => s.Source)])
{
    private const string BuiltIn = "dates";

    /// <summary>Whether tokens are words by default.</summary>
    public bool AreWords(ParseResult result) => Set(result) is { AreWords: true };

    /// <summary>Reads the pairs.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The pairs are not available or not usable.</exception>
    public PairCorpus Load(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        if (Set(result) is { } known)
            return Corpus(known.Read(terminal, cancellation), $"The data set {known.Name}", terminal);
        return Locate(result, terminal, cancellation) is { } path
            ? Corpus(PairFile.ReadTabSeparated(path), $"The file '{path}'", terminal)
            : new PairCorpus(Dates.All(), $"The data set {BuiltIn}");
    }

    private static PairCorpus Corpus(PairLines lines, string name, Terminal terminal)
    {
        if (lines.Empty > 0)
        {
            terminal.Error.WriteLine($"{name}: {Show.Count(lines.Empty)} {(lines.Empty == 1 ? "pair" : "pairs")} with an empty"
                + " side left out.");
        }

        return new PairCorpus(lines.Pairs, name);
    }

    private PairSet? Set(ParseResult result) => IsFile(result) ? null : PairSet.All.FirstOrDefault(s => s.Name == Name(result));
}

/// <summary>A named set of pairs at its public home.</summary>
/// <param name="AreWords">Whether its tokens are words, by default.</param>
/// <param name="Source">The sources, or pairs separated by tabs.</param>
/// <param name="Target">The targets, line by line; null for pairs separated by tabs.</param>
internal sealed record PairSet(bool AreWords, DataSet Source, DataSet? Target = null)
{
    /// <summary>
    /// English and French sentences, the shortest twenty thousand (Tatoeba, CC BY 2.0); its home has only newer
    /// ones, in another format.
    /// </summary>
    public static PairSet Tatoeba { get; } = new(true, new DataSet("tatoeba-eng-fra", "fra-first20k.txt.gz",
        new Uri("https://www.manythings.org/anki/"), 206_446, "b3995c7b2e208fbb0af5731a8de971cac17a2ad9923347a3b747a1e5755f2147"))
    {
        IsOwnOnly = true,
    };

    /// <summary>Captions in English and German (Multi30k).</summary>
    public static PairSet Multi30k { get; } = new(true,
        new DataSet("multi30k", "train.en.gz", Multi30kHome("en"), 568_929,
            "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
        new DataSet("multi30k", "train.de.gz", Multi30kHome("de"), 637_044,
            "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"));

    /// <summary>Words in letters and in sounds.</summary>
    public static PairSet Morph { get; } = new(false,
        new DataSet("opennmt-morph", "src.train", MorphHome("src"), 182_960,
            "8632886b5e2f81d42d9cb040270e253ef4d6821256df3d7e21f20d1dc1ab26f6"),
        new DataSet("opennmt-morph", "tgt.train", MorphHome("tgt"), 157_004,
            "bab882bbce6c8eb954981795d01778d7c0e8e60c954271829d948e6caa627d09"));

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<PairSet> All { get; } = [Tatoeba, Multi30k, Morph];

    /// <summary>The name that a user types.</summary>
    public string Name => Source.Name;

    /// <summary>Whether it is taken only from the user's folder.</summary>
    private bool IsOwnOnly { get; init; }

    /// <summary>Reads the pairs, from the user's folder, the cache or the public home.</summary>
    /// <exception cref="DataSourceException">The pairs are not available.</exception>
    public PairLines Read(Terminal terminal, CancellationToken cancellation)
    {
        var source = IsOwnOnly
            ? DataOptions.LocateOwn(Source,
                $"Newer sentences: {Source.DownloadUri}; unpack them and give the file with --data.")
            : DataOptions.Locate(Source, terminal, cancellation);
        return Target is null
            ? PairFile.ReadTabSeparated(source)
            : PairFile.ReadAligned(source, DataOptions.Locate(Target, terminal, cancellation));
    }

    private static Uri Multi30kHome(string language) =>
        new("https://raw.githubusercontent.com/multi30k/dataset/c9be912dc05a3ebf9ae5bb5f7f58c1791cda43ab/data/task1/raw/"
            + $"train.{language}.gz");

    private static Uri MorphHome(string side) =>
        new("https://raw.githubusercontent.com/OpenNMT/OpenNMT-py/1dd5f19008f3011e21e0db27da9482bf6fe9c627/data/"
            + $"morph/{side}.train");
}

/// <summary>Reads pairs of texts from plain files or gzip files.</summary>
internal static class PairFile
{
    /// <summary>Reads lines of a source, a tab and its target; text after a second tab is left out.</summary>
    /// <exception cref="DataSourceException">The file cannot be read, or a line is not a pair.</exception>
    public static PairLines ReadTabSeparated(string path) =>
        ReadTabSeparated(TextFile.Read(path), path);

    /// <summary>Reads the lines of a text.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="path">The name of the lines in errors.</param>
    /// <exception cref="DataSourceException">A line is not a pair.</exception>
    internal static PairLines ReadTabSeparated(string text, string path)
    {
        var pairs = new PairLines();
        var number = 0;
        foreach (var line in Lines(text))
        {
            number++;
            if (line.Length == 0)
                continue;
            var parts = line.Split('\t');
            if (parts.Length < 2)
            {
                throw new DataSourceException($"Line {number} of '{path}' has no tab."
                    + " Each line should be a source, a tab and a target.");
            }

            pairs.Add(parts[0], parts[1]);
        }

        return pairs;
    }

    /// <summary>Reads two files whose lines correspond.</summary>
    /// <exception cref="DataSourceException">A file cannot be read, or the files have different numbers of lines.</exception>
    public static PairLines ReadAligned(string sourcePath, string targetPath)
    {
        var (sources, targets) = (Lines(TextFile.Read(sourcePath)), Lines(TextFile.Read(targetPath)));
        if (sources.Length != targets.Length)
        {
            throw new DataSourceException($"'{sourcePath}' has {sources.Length} lines and '{targetPath}' {targets.Length};"
                + " they should correspond line by line.");
        }

        var pairs = new PairLines();
        for (var i = 0; i < sources.Length; i++)
            pairs.Add(sources[i], targets[i]);
        return pairs;
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.TrimEnd('\r'))];
}

/// <summary>Pairs of texts as they are read.</summary>
internal sealed class PairLines
{
    private readonly List<(string Source, string Target)> pairs = [];

    /// <summary>The pairs with two sides.</summary>
    public IReadOnlyList<(string Source, string Target)> Pairs => pairs;

    /// <summary>The number of pairs that were left out because one side is empty.</summary>
    public int Empty { get; private set; }

    /// <summary>Adds a pair, without blank space around its texts.</summary>
    public void Add(string source, string target)
    {
        if (string.IsNullOrWhiteSpace(source) || string.IsNullOrWhiteSpace(target))
            Empty++;
        else
            pairs.Add((source.Trim(), target.Trim()));
    }
}
