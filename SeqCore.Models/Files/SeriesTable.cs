using System.Globalization;

namespace SeqCore.Models;

/// <summary>Collects the rows of a table into labelled series.</summary>
/// <param name="path">The path of the table.</param>
/// <param name="options">The columns.</param>
internal sealed class SeriesTable(string path, SeriesTableOptions options)
{
    private static readonly string[] timeNames = ["time", "timestamp", "datetime", "step", "t"];

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<float> values = [];
    private TableColumn[] channels = [];
    private string[] names = [];
    private TableColumn? time;
    private TimeCells? cells;
    private TableRow? first;
    private string id = "", label = "";
    private double last;

    internal IEnumerable<LabelledSeries> Read(IEnumerable<TableRow> rows)
    {
        foreach (var row in rows)
        {
            if (names.Length == 0)
                Begin(row);
            var own = row[options.Id].Trim();
            if (own.Length == 0)
                throw row.Error(options.Id, "the id is empty; it says to which series a row belongs");
            if (first is not null && own != id)
                yield return Finished();
            Add(row, own);
        }

        yield return Finished();
    }

    /// <summary>Finds the columns of the time and the channels.</summary>
    private void Begin(TableRow row)
    {
        time = options.Time;
        if (time is null && row.ColumnNames?.FirstOrDefault(IsTime) is { } found)
            time = found;
        if (time is { } column && Number(row, column) is null)
            cells = TimeCells.Find(row, new TimeSeriesFileOptions { Time = [column] });
        int[] taken = [.. new[] { options.Id, options.Label, time }.OfType<TableColumn>().Select(row.IndexOf)];
        channels = options.Channels is { } given
            ? [.. given]
            : [.. Enumerable.Range(1, row.Count).Where(n => !taken.Contains(n - 1)).Select(n => (TableColumn)n)];
        if (channels.Length == 0)
            throw new DataSourceException($"'{path}' has no column of values beside the id, the time and the label.");
        names = [.. channels.Select(c => row.ColumnNames is { } texts
            ? texts[row.IndexOf(c)]
            : (row.IndexOf(c) + 1).ToString(CultureInfo.InvariantCulture))];
        NumberCell.RequireDistinct(names, path);
    }

    private void Add(TableRow row, string own)
    {
        var text = options.Label is { } column ? row[column].Trim() : "";
        if (options.Label is { } labels && text.Length == 0)
            throw row.Error(labels, "the label is empty");
        if (first is null)
        {
            if (!seen.Add(own))
            {
                throw row.Error(options.Id, $"the series '{own}' came before already, with another between; the rows of a series"
                    + " should follow one another");
            }

            (first, id, label) = (row, own, text);
        }
        else if (text != label)
        {
            throw row.Error(options.Label!.Value, $"the series '{id}' has the label '{text}' here, and '{label}' in line"
                + $" {first.Number}; each should have one");
        }

        if (time is { } times)
        {
            var now = cells is null
                ? Number(row, times)
                    ?? throw row.Error(times, $"{TableRow.Shown(row[times])} is not a number, as the first time is")
                : cells.Read(row).Ticks;
            if (values.Count > 0 && now <= last)
            {
                throw row.Error(times, $"the time {TableRow.Shown(row[times].Trim())} is not after the one before in the series"
                    + $" '{id}'; sort the rows by time");
            }

            last = now;
        }

        foreach (var channel in channels)
            values.Add(row.Float(channel));
    }

    private LabelledSeries Finished()
    {
        var series = new TimeSeries([.. values], names);
        var finished = new LabelledSeries(series, options.Label is null ? null : label)
        {
            Name = id,
            Place = TextLines.Place(path, first!.Number),
        };
        values.Clear();
        first = null;
        return finished;
    }

    private static bool IsTime(string name) => timeNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static double? Number(TableRow row, TableColumn column) =>
        double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
}
