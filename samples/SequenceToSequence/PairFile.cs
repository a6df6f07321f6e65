using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence;

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
