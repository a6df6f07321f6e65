using System.Globalization;

namespace SeqCore.Models;

/// <summary>Reads the cells of a table that hold the values of a series.</summary>
internal static class NumberCell
{
    /// <summary>Returns the number in a cell: NaN if it is missing, null if it is no number.</summary>
    internal static float? Parse(string cell, TimeSeriesFileOptions options)
    {
        var text = cell.Trim();
        if (options.Missing.Contains(text, StringComparer.Ordinal))
            return float.NaN;
        if (options.HasDecimalComma)
            text = text.Contains('.', StringComparison.Ordinal) ? "" : text.Replace(',', '.');
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !float.IsNaN(value)
            ? value
            : null;
    }

    /// <summary>Requires that the channels of a series have names of their own.</summary>
    /// <exception cref="DataSourceException">A name is there twice; the message names it.</exception>
    internal static void RequireDistinct(IReadOnlyList<string> channels, string path)
    {
        if (channels.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
        {
            throw new DataSourceException($"'{path}' has several columns '{repeated.Key}', and each channel needs a name of its"
                + " own. Rename one in the file, or choose the columns by their numbers.");
        }
    }

    /// <summary>Returns the number in a cell; NaN if it is missing.</summary>
    /// <exception cref="DataSourceException">The cell is not a finite number; the message names the place.</exception>
    internal static float Read(TableRow row, TableColumn column, TimeSeriesFileOptions options)
    {
        var text = row[column].Trim();
        if (Parse(text, options) is not { } value)
        {
            throw row.Error(column, $"{TableRow.Shown(text)} is not a number" + (text.Contains(',', StringComparison.Ordinal)
                ? "; if a comma is before the decimals, say so" : "; a missing value is an empty cell or NA"));
        }

        return float.IsInfinity(value)
            ? throw row.Error(column, $"{TableRow.Shown(text)} is not a finite number of float32")
            : value;
    }
}
