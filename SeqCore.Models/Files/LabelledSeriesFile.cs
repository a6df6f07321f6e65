namespace SeqCore.Models;

/// <summary>
/// Reads labelled series for a <see cref="SeriesClassifier"/>: one on each line, as in the UCR archive, or from a table with a
/// row for each step. Files are UTF-8 and may be compressed with gzip.
/// </summary>
/// <example>
/// <code>
/// // 1  -0.11 -2.83 -3.77 ...
/// var beats = LabelledSeriesFile.ReadLines("ECG5000_TRAIN.txt.gz").ToArray();
/// // id,time,x,y,z,label
/// var gestures = LabelledSeriesFile.ReadTable("gestures.csv").ToArray();
/// Console.WriteLine($"{beats.Length} beats, {string.Join(", ", LabelledSeries.LabelsOf(gestures))}");
/// </code>
/// </example>
public static class LabelledSeriesFile
{
    /// <summary>Reads a series from each line of a file, each time the result is enumerated; blank lines are skipped.</summary>
    /// <param name="path">The path of a file, as for <see cref="TextLines.Read"/>.</param>
    /// <param name="options">Whether there are labels, and the names of the channels; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read or has no series, or a line is not a series as <see cref="ParseLine"/>
    /// reads it; the message names the line and the column.
    /// </exception>
    public static IEnumerable<LabelledSeries> ReadLines(string path, SeriesLineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Lines(path, options ?? new SeriesLineOptions());
    }

    /// <summary>
    /// Reads a series from a line: the label, then the values, with tabs, semicolons, commas or spaces between them. A colon
    /// stands between channels, which have as many values each. Missing values at the end (NaN or nothing) only pad a shorter
    /// series. A label that is a whole number with decimals or an exponent loses them: 1.0000e+00 is 1, but 01 stays 01.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="source">Where the line comes from, as errors quote it.</param>
    /// <param name="number">The number of the line there, from 1.</param>
    /// <param name="options">Whether there is a label, and the names of the channels; null for the defaults.</param>
    /// <exception cref="DataSourceException">
    /// The label is missing, a value is not a number, or channels do not have the same number of values, or not as many as names
    /// were given; the message names the line and the column.
    /// </exception>
    public static LabelledSeries ParseLine(string line, string source, long number, SeriesLineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return new SeriesLines(source, options ?? new SeriesLineOptions()).Parse(line, number);
    }

    /// <summary>
    /// Reads series from a table with a row for each step: CSV, TSV (see <see cref="DelimitedFile"/>) or Parquet. The rows of a
    /// series follow one another and have the same id and the same label.
    /// </summary>
    /// <param name="path">The path of a file; *.parquet is Parquet, everything else a delimited file.</param>
    /// <param name="options">The columns; null for id, label and all others.</param>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: the file cannot be read, a column is missing, a value is not a number, times do not rise within a
    /// series, the label changes within a series, or an id comes again after others; the message names the line and the column.
    /// </exception>
    public static IEnumerable<LabelledSeries> ReadTable(string path, SeriesTableOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new SeriesTableOptions();
        var rows = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? ParquetFile.Read(path)
            : DelimitedFile.Read(path, options.Table);
        return new SeriesTable(path, options).Read(rows);
    }

    private static IEnumerable<LabelledSeries> Lines(string path, SeriesLineOptions options)
    {
        var (lines, isEmpty) = (new SeriesLines(path, options), true);
        foreach (var line in TextLines.Read(path))
        {
            if (string.IsNullOrWhiteSpace(line.Text))
                continue;
            isEmpty = false;
            yield return lines.Parse(line.Text, line.Number);
        }

        if (isEmpty)
            throw new DataSourceException($"'{path}' is empty: it has no series.");
    }
}
