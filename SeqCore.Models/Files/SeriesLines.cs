using System.Globalization;

namespace SeqCore.Models;

/// <summary>Reads series from lines of text. What stands between values in the first of them does so in all.</summary>
/// <param name="source">Where the lines come from.</param>
/// <param name="options">Whether there is a label, and the names of the channels.</param>
internal sealed class SeriesLines(string source, SeriesLineOptions options)
{
    private static readonly char[] separators = ['\t', ';', ','];

    private char separator;
    private long number;

    internal LabelledSeries Parse(string line, long lineNumber)
    {
        number = lineNumber;
        if (separator == default)
            separator = separators.Where(s => line.Contains(s, StringComparison.Ordinal)).Append(' ').First();
        var fields = Fields(line);
        string? label = null;
        if (options.HasLabel)
        {
            if (fields[0] is not [var (text, column), ..] || text.Length == 0)
                throw Error(1, "a label should be here, before the values");
            if (text.Contains(' ', StringComparison.Ordinal) && fields[0].Count == 1)
                throw Error(column, "the values should have tabs, commas, semicolons or spaces between them");
            label = Label(text);
            fields[0].RemoveAt(0);
        }

        var channels = fields.ConvertAll(Values);
        var steps = channels[0].Length;
        for (var c = 0; c < channels.Count; c++)
        {
            var start = fields[c].Count > 0 ? fields[c][0].Column : line.Length + 1;
            if (channels[c].Length == 0)
                throw Error(start, "there is no value; a series has at least one");
            if (channels[c].Length != steps)
            {
                throw Error(start, $"channel {c + 1} has {channels[c].Length} values, and channel 1 has {steps}; they should"
                    + " have the same number");
            }
        }

        return new LabelledSeries(new TimeSeries(Interleaved(channels, steps), Names(channels.Count)), label)
        {
            Place = TextLines.Place(source, number),
        };
    }

    /// <summary>Splits a line into channels, and these into fields, each with its column from 1.</summary>
    private List<List<(string Text, int Column)>> Fields(string line)
    {
        var (channels, start) = (new List<List<(string, int)>> { new() }, 0);
        for (var i = 0; i <= line.Length; i++)
        {
            var isEnd = i == line.Length || line[i] == ':';
            if (!isEnd && line[i] != separator)
                continue;
            var text = line[start..i].Trim();
            if (separator != ' ' || text.Length > 0)
                channels[^1].Add((text, start + 1 + line[start..i].TakeWhile(char.IsWhiteSpace).Count()));
            if (i < line.Length && isEnd)
                channels.Add([]);
            start = i + 1;
        }

        return channels;
    }

    private float[] Values(List<(string Text, int Column)> fields)
    {
        // Shorter series are padded at the end.
        var count = 1 + fields.FindLastIndex(f => f.Text.Length > 0 && !f.Text.Equals("NaN", StringComparison.OrdinalIgnoreCase));
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var (text, column) = fields[i];
            if (text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase))
                throw Error(column, $"value {i + 1} is missing; only the end of a series may be");
            if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
            {
                throw Error(column, $"{TableRow.Shown(text)} is not a number"
                    + (text.Contains(separator == ',' ? ' ' : ',', StringComparison.Ordinal)
                        ? ", which is written with a point, as 1234.5"
                        : ""));
            }

            if (!float.IsFinite(values[i]))
                throw Error(column, $"{TableRow.Shown(text)} is not a finite number of float32");
        }

        return values;
    }

    /// <summary>
    /// Writes a whole number with decimals or an exponent without them: the files of the archive have 1.0000000e+00. Other labels
    /// stay as they are, so that 1 and 01 are two.
    /// </summary>
    private static string Label(string text) =>
        text.AsSpan().ContainsAny(".eE") && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : text;

    private IReadOnlyList<string> Names(int count)
    {
        if (options.Channels is { } given)
        {
            return given.Count == count
                ? given
                : throw Error(1, $"the line has {count} {(count == 1 ? "channel" : "channels")}; there should be {given.Count}:"
                    + $" {string.Join(", ", given)}. A colon stands between channels");
        }

        return count == 1 ? ["value"] : [.. Enumerable.Range(1, count).Select(n => n.ToString(CultureInfo.InvariantCulture))];
    }

    private static float[] Interleaved(List<float[]> channels, int steps)
    {
        var values = new float[channels.Count * steps];
        for (var i = 0; i < values.Length; i++)
            values[i] = channels[i % channels.Count][i / channels.Count];
        return values;
    }

    private DataSourceException Error(int column, string problem) =>
        new($"{TextLines.Place(source, number, column)}: {problem}.");
}
