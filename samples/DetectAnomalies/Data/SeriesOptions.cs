using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>The options that choose a series, its normal part and its labels.</summary>
internal sealed class SeriesOptions
{
    private const double UsualNormal = 0.5;

    private readonly SeriesColumnOptions table = new();
    private readonly Option<string?> data = OptionKinds.Path("--data",
        "A CSV, TSV or Parquet file of your own: a column of times and one or more of numbers."
            + $" [default: {PumpSeries.Name}, built in]", "FILE");
    private readonly Option<string?> labels = OptionKinds.Path("--labels",
        "JSON file with the windows of anomalies, as the Numenta benchmark has them: [[\"from\", \"to\"], ...], or an object of"
            + " such lists by file.", "FILE");
    private readonly Option<string?> labelColumn = OptionKinds.Text("--label-column",
        "Column that is 1 where an anomaly is, and 0 elsewhere.", "NAME");
    private readonly Option<string?> normal = OptionKinds.Text("--normal",
        "Steps at the beginning without anomalies: a number, or a fraction such as 0.3. [default: 0.5]", "N");

    private bool hasNormal;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasLabels">Whether the command reads labels.</param>
    /// <param name="hasNormal">Whether the command fits a detector.</param>
    public void AddTo(Command command, bool hasLabels, bool hasNormal)
    {
        this.hasNormal = hasNormal;
        command.StartGroup("Data");
        command.Options.Add(data);
        table.AddTo(command);
        if (hasLabels)
        {
            command.Options.Add(labels);
            command.Options.Add(labelColumn);
        }

        if (hasNormal)
            command.Options.Add(normal);
    }

    /// <summary>Whether a file is named.</summary>
    public string? File(ParseResult result) => result.GetValue(data);

    /// <summary>How tables are written.</summary>
    public TimeSeriesFileOptions Table(ParseResult result) => table.Read(result);

    /// <summary>Reads the series.</summary>
    /// <exception cref="DataSourceException">A file is not usable.</exception>
    public MarkedSeries Load(ParseResult result)
    {
        if (result.IsGiven("--labels") && result.IsGiven("--label-column"))
            throw new UserException("--labels and --label-column were both given; leave one out.", isUsage: true);
        if (File(result) is not { } path)
        {
            result.Refuse(o => $"{o} needs a file of your own; name it with --data.",
                ["--labels", "--label-column", .. SeriesColumnOptions.Names]);
            var own = PumpSeries.Make();
            return own with { Normal = Steps(result, own.Values.Length) };
        }

        var options = table.Read(result);
        var column = result.GetValue(labelColumn);
        if (column is not null && options.Channels is { } chosen)
            options = options with { Channels = [.. chosen, column] };
        var series = TimeSeriesFile.Read(path, options);
        IReadOnlyList<StepRange>? windows = null;
        if (column is not null)
            (series, windows) = Split(series, column, path);
        else if (result.GetValue(labels) is { } file)
            windows = LabelFile.StepsOf(LabelFile.Read(file, path), Times(series, path), file);
        SeriesColumnOptions.RequireChanges(series, path, "nothing says what is usual");
        var name = Path.GetFileNameWithoutExtension(path);
        return new MarkedSeries(name, series, Steps(result, series.Length), windows, SeriesTime.StepOf(series.Interval));
    }

    private int Steps(ParseResult result, int length)
    {
        if (!hasNormal || result.GetValue(normal) is not { } text)
            return (int)(UsualNormal * length);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return Math.Min(count, length);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part)
            && part is > 0 and < 1
            ? (int)(part * length)
            : throw new UserException($"--normal should be a number of steps or a fraction below 1; got '{text}'.",
                isUsage: true);
    }

    private static (TimeSeries Series, IReadOnlyList<StepRange> Windows) Split(TimeSeries series, string column, string path)
    {
        if (!series.Channels.Contains(column))
        {
            throw new UserException($"--label-column: '{path}' has no column of numbers '{column}'; it has"
                + $" {string.Join(", ", series.Channels)}.", isUsage: true);
        }

        if (series.ChannelCount == 1)
            throw new UserException($"'{path}' has no column of numbers beside that of the labels.");
        var marks = series.ChannelValues(series.IndexOf(column));
        var windows = new List<StepRange>();
        for (var step = 0; step < marks.Length; step++)
        {
            if (marks[step] is not (0 or 1) && !float.IsNaN(marks[step]))
            {
                throw new DataSourceException($"'{path}', column '{column}': the label at {SeriesText.Time(series, step)} is"
                    + $" {SeriesText.Value(marks[step])}; labels are 0 or 1.");
            }

            var first = step;
            while (step < marks.Length && marks[step] == 1)
                step++;
            if (step > first)
                windows.Add(new StepRange(first, step - first));
        }

        return (series.Select([.. series.Channels.Where(c => c != column)]), windows);
    }

    private static DateTime[] Times(TimeSeries series, string path) => series.Start is null
        ? throw new UserException($"--labels are times, and the rows of '{path}' have none; use --label-column.", isUsage: true)
        : [.. Enumerable.Range(0, series.Length).Select(series.TimeAt)];
}
