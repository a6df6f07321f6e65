using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Reads sentences without tags.</summary>
internal static class WordFile
{
    /// <summary>Reads a sentence from each line, with spaces between words; blank lines are skipped.</summary>
    /// <exception cref="DataSourceException">The file cannot be read or has no word.</exception>
    public static IEnumerable<IReadOnlyList<string>> ReadLines(string path)
    {
        var isEmpty = true;
        foreach (var line in TextLines.Read(path))
        {
            var words = line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            isEmpty = false;
            yield return words;
        }

        if (isEmpty)
            throw new DataSourceException($"'{path}' is empty; there is nothing to tag.");
    }

    /// <summary>Reads sentences of a file with a word on each line, in a column, and a blank line after each sentence.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="columns">The column of the words, and whether the file is CoNLL-U; a column of tags is not needed.</param>
    /// <exception cref="DataSourceException">The file cannot be read or a line has no such column.</exception>
    public static IEnumerable<IReadOnlyList<string>> ReadColumns(string path, ConllOptions columns)
    {
        var (words, isEmpty) = (new List<string>(), true);
        foreach (var line in TextLines.Read(path))
        {
            if (string.IsNullOrWhiteSpace(line.Text))
            {
                if (words.Count > 0)
                    yield return words;
                words = words.Count > 0 ? [] : words;
                continue;
            }

            if (IsLeftOut(line.Text, columns.IsConllU))
                continue;
            var fields = columns.IsConllU
                ? line.Text.Split('\t')
                : line.Text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < columns.TokenColumn || fields[columns.TokenColumn - 1].Length == 0)
            {
                throw new DataSourceException($"{TextLines.Place(path, line.Number, columns.TokenColumn)}: a word should be here;"
                    + $" the line has {Show.Number(fields.Length, "column")}.");
            }

            words.Add(fields[columns.TokenColumn - 1]);
            isEmpty = false;
        }

        if (words.Count > 0)
            yield return words;
        if (isEmpty)
            throw new DataSourceException($"'{path}' is empty; there is nothing to tag.");
    }

    private static bool IsLeftOut(string line, bool isConllU) => isConllU
        ? line[0] == '#' || line.AsSpan(0, Math.Max(0, line.IndexOf('\t', StringComparison.Ordinal))).IndexOfAny('-', '.') >= 0
        : line.StartsWith("-DOCSTART-", StringComparison.Ordinal);
}
