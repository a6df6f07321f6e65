namespace SeqCore.Models;

/// <summary>
/// Reads a time series from a table: CSV, TSV (see <see cref="DelimitedFile"/>) or Parquet. Steps that the table leaves out
/// become missing values, so that all steps have the same distance.
/// </summary>
/// <example>
/// <code>
/// var passengers = TimeSeriesFile.Read("airline-passengers.csv");
/// Console.WriteLine($"{passengers.Length} steps of {passengers.Interval} from {passengers.Start:yyyy-MM}");
/// var air = TimeSeriesFile.Read("pollution.csv", new TimeSeriesFileOptions { Channels = ["pm2.5", "TEMP"] });
/// Console.WriteLine($"{air.Gaps.Count} gaps");
/// </code>
/// </example>
public static class TimeSeriesFile
{
    // A wrong interval should not take all memory.
    private const int MostStepsPerRow = 1000;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of a file; *.parquet is Parquet, everything else a delimited file.</param>
    /// <param name="options">The columns and how times and numbers are written; null to find them.</param>
    /// <exception cref="DataSourceException">
    /// The file cannot be read, times are missing, repeated, out of order or not at equal distances, or a value is not a number;
    /// the message names the line and the column.
    /// </exception>
    public static TimeSeries Read(string path, TimeSeriesFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new TimeSeriesFileOptions();
        var rows = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? ParquetFile.Read(path)
            : DelimitedFile.Read(path, options.Table);
        var reader = new TimeSeriesReader(path, options);
        foreach (var row in rows)
            reader.Add(row);
        return reader.ToSeries(MostStepsPerRow);
    }

    /// <summary>
    /// Reads the steps that follow a series line by line, as they come, such as from a program that measures. A line has the time
    /// and the values of the channels, with a delimiter between them; the first line may name the columns instead. Steps that are
    /// left out are missing values.
    /// </summary>
    /// <param name="lines">The lines, such as standard input; each is answered before the next one is read.</param>
    /// <param name="next">
    /// A series of the channels and the interval that are expected, whose first step has the time of the next one, such as a
    /// forecast. If it has no times, lines have values alone.
    /// </param>
    /// <param name="options">
    /// The columns and how times and numbers are written; null to find them. Without names, the time is the first column.
    /// Columns with other names than the channels need a first line with these names.
    /// </param>
    /// <param name="name">What errors call the lines.</param>
    /// <param name="skipped">
    /// Receives the error of a line that cannot be read, which is then skipped; null, the default, to throw it. A first line of
    /// names that leaves a channel out is an error in any case: no later line could be read.
    /// </param>
    /// <returns>A series for each line: its step, after those that were left out before it.</returns>
    /// <exception cref="DataSourceException">
    /// While it is enumerated: a time is not the one of a later step, a value is not a number, or columns are missing; the
    /// message names the line and the column.
    /// </exception>
    public static IEnumerable<TimeSeries> Follow(TextReader lines, TimeSeries next, TimeSeriesFileOptions? options = null,
        string name = "standard input", Action<DataSourceException>? skipped = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var follower = new TimeSeriesFollower(next, options ?? new TimeSeriesFileOptions(), name);
        return Steps();

        IEnumerable<TimeSeries> Steps()
        {
            while (lines.ReadLine() is { } line)
            {
                if (Read(line) is { } steps)
                    yield return steps;
            }
        }

        TimeSeries? Read(string line)
        {
            try
            {
                return follower.Read(line);
            }
            catch (DataSourceException wrong) when (skipped is not null && !follower.LacksColumns)
            {
                skipped(wrong);
                return null;
            }
        }
    }
}
