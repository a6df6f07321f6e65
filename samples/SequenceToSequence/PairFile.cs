using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Reads pairs of texts from plain files or gzip files.</summary>
internal static class PairFile
{
    /// <summary>The home of sentences whose third column names their authors.</summary>
    private const string Attributed = "tatoeba.org";

    /// <summary>
    /// Reads lines of a source, a tab and its target. A third column is left out if it names the authors, as those of Tatoeba do;
    /// blank lines are skipped.
    /// </summary>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, has no line, or a line is not a pair; the message names the place.
    /// </exception>
    public static PairLines ReadTabSeparated(string path)
    {
        var (pairs, isEmpty) = (new PairLines(), true);
        foreach (var line in TextLines.Read(path).Where(l => !string.IsNullOrWhiteSpace(l.Text)))
        {
            isEmpty = false;
            var parts = line.Text.Split('\t');
            if (parts.Length != 2 && !(parts.Length == 3 && parts[2].Contains(Attributed, StringComparison.OrdinalIgnoreCase)))
            {
                throw new DataSourceException($"{TextLines.Place(path, line.Number)}: the line has"
                    + $" {Show.Number(parts.Length - 1, "tab")}; each line should be a source, a tab and a target.");
            }

            pairs.Add(parts[0], parts[1]);
        }

        return isEmpty ? throw new DataSourceException($"'{path}' is empty: it has no pair.") : pairs;
    }

    /// <summary>Reads two files whose lines correspond.</summary>
    /// <exception cref="DataSourceException">A file cannot be read, or the files have different numbers of lines.</exception>
    public static PairLines ReadAligned(string sourcePath, string targetPath)
    {
        var (sources, targets) = (Lines(sourcePath), Lines(targetPath));
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

    private static string[] Lines(string path) => [.. TextLines.Read(path).Select(l => l.Text)];
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
