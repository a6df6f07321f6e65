namespace SeqCore.Models;

/// <summary>Reads files of tagged sentences with one token on each line and a blank line after each sentence.</summary>
/// <example>
/// <code>
/// foreach (var sentence in ConllFile.Read("en_ewt-ud-train.conllu", ConllOptions.ConllU))
///     Console.WriteLine(string.Join(' ', sentence.Tokens.Zip(sentence.Tags, (token, tag) => $"{token}/{tag}")));
/// </code>
/// </example>
public static class ConllFile
{
    /// <summary>Reads the sentences of a file one after the other, each time the result is enumerated.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="options">The columns; null for <see cref="ConllOptions.Conll"/>.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, has no sentence, or a line does not have the columns; the message names
    /// the line.
    /// </exception>
    public static IEnumerable<TaggedText> Read(string path, ConllOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= ConllOptions.Conll;
        if (options.TokenColumn == 0 || options.TagColumn == 0)
            throw new ArgumentException("ConllFile: columns count from 1, or from -1 at the end; 0 is none.", nameof(options));
        return Sentences(path, options);
    }

    private static IEnumerable<TaggedText> Sentences(string path, ConllOptions options)
    {
        var (tokens, tags, lines) = (new List<string>(), new List<string>(), new List<long>());
        var (columns, isEmpty) = (options.ColumnCount, true);
        foreach (var line in TextLines.Read(path))
        {
            if (string.IsNullOrWhiteSpace(line.Text))
            {
                if (tokens.Count > 0)
                    yield return Sentence();
                isEmpty &= tokens.Count == 0;
                if (tokens.Count > 0)
                    (tokens, tags, lines) = ([], [], []);
                continue;
            }

            if (options.IsConllU ? line.Text[0] == '#' : line.Text.StartsWith("-DOCSTART-", StringComparison.Ordinal))
                continue;
            var fields = options.IsConllU
                ? line.Text.Split('\t')
                : line.Text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            columns ??= fields.Length;
            if (fields.Length != columns)
            {
                throw new DataSourceException($"{TextLines.Place(path, line.Number)}: {Counted.Of(columns.Value, "column")}"
                    + $" should be here; there {Are(fields.Length)}: {Shown(line.Text)}");
            }

            if (options.IsConllU && fields[0].AsSpan().IndexOfAny('-', '.') >= 0)
                continue;
            var (token, tag) = (Field(options.TokenColumn), Field(options.TagColumn));
            tokens.Add(token);
            tags.Add(tag);
            lines.Add(line.Number);

            string Field(int column)
            {
                var place = column > 0 ? column - 1 : fields.Length + column;
                if (place < 0 || place >= fields.Length || fields.Length == 1)
                {
                    throw new DataSourceException($"{TextLines.Place(path, line.Number)}: a token in column"
                        + $" {options.TokenColumn} and a tag in column {options.TagColumn} should be here; there"
                        + $" {Are(fields.Length)}: {Shown(line.Text)}");
                }

                return fields[place].Length > 0
                    ? fields[place]
                    : throw new DataSourceException($"{TextLines.Place(path, line.Number)}: column {place + 1} is empty.");
            }
        }

        if (tokens.Count > 0)
            yield return Sentence();
        else if (isEmpty)
            throw new DataSourceException($"'{path}' has no sentence: every line is blank or a comment.");

        // Lines that follow one another need no list of their numbers.
        TaggedText Sentence() => new(tokens, tags, lines[0])
        {
            Lines = lines[^1] - lines[0] == lines.Count - 1 ? null : lines,
        };
    }

    private static string Are(int columns) => columns == 1 ? "is 1" : $"are {columns}";

    private static string Shown(string line) => line.Length <= 60 ? $"'{line}'." : $"'{line[..57]}...'.";
}
