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
}
