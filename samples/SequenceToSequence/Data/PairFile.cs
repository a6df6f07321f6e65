using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>Reads pairs of texts from files, packed by gzip or not.</summary>
internal static class PairFile
{
    /// <summary>Reads lines of a source, a tab and its target; what stands after a second tab is left out.</summary>
    /// <exception cref="DataSourceException">The file cannot be read, or a line is not a pair.</exception>
    public static PairLines ReadTabSeparated(string path) =>
        ReadTabSeparated(TextFile.Read(path), path);

    /// <summary>The same from a text.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="path">What errors call them.</param>
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
                    + " Each line should be a text, a tab, and what becomes of it.");
            }

            pairs.Add(parts[0], parts[1]);
        }

        return pairs;
    }

    /// <summary>Reads two files whose lines belong together.</summary>
    /// <exception cref="DataSourceException">One cannot be read, or they have different numbers of lines.</exception>
    public static PairLines ReadAligned(string sourcePath, string targetPath)
    {
        var (sources, targets) = (Lines(TextFile.Read(sourcePath)), Lines(TextFile.Read(targetPath)));
        if (sources.Length != targets.Length)
        {
            throw new DataSourceException($"'{sourcePath}' has {sources.Length} lines and '{targetPath}' {targets.Length};"
                + " they should belong together line by line.");
        }

        var pairs = new PairLines();
        for (var i = 0; i < sources.Length; i++)
            pairs.Add(sources[i], targets[i]);
        return pairs;
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.TrimEnd('\r'))];
}
