using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>The options that choose a series, its normal part and its labels.</summary>
internal sealed class SeriesOptions
{
    private const double UsualNormal = 0.5;
    private const string AllSteps = "all";

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
        "Steps at the beginning without anomalies: a number, a fraction such as 0.3, or all. [default: 0.5]", "N");

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
    /// <param name="result">The command line.</param>
    /// <param name="wanted">
    /// The channels of a detector, which are taken if --columns does not name others; null for all columns of numbers.
    /// </param>
    /// <exception cref="DataSourceException">A file is not usable.</exception>
    public MarkedSeries Load(ParseResult result, IReadOnlyList<string>? wanted = null)
    {
        if (result.IsGiven("--labels") && result.IsGiven("--label-column"))
            throw new UserException("--labels and --label-column were both given; leave one out.", isUsage: true);
        if (File(result) is not { } path)
        {
            result.Refuse(o => $"{o} needs a file of your own; name it with --data.",
                ["--labels", "--label-column", .. SeriesColumnOptions.Names]);
            var own = PumpSeries.Make();
            return own with { Normal = Steps(result, own.Values.Length, own.Name) };
        }

        var options = table.Read(result);
        var column = result.GetValue(labelColumn);
        if (column is not null && options.Channels is { } chosen && !chosen.Contains(column))
            options = options with { Channels = [.. chosen, column] };
        var series = SeriesColumnOptions.ReadFile(path, options);
        IReadOnlyList<StepRange>? windows = null;
        if (column is not null)
            (series, windows) = LabelColumn.Split(series, column, path);
        else if (result.GetValue(labels) is { } file)
            windows = LabelFile.StepsOf(LabelFile.Read(file, path), Times(series, path), file);
        if (wanted is not null && !result.IsGiven("--columns") && wanted.All(series.Channels.Contains))
            series = series.Select(wanted);
        SeriesColumnOptions.RequireChanges(series, path, "nothing says what is usual");
        var name = Path.GetFileNameWithoutExtension(path);
        return new MarkedSeries(name, series, Steps(result, series.Length, path), windows, SeriesTime.StepOf(series.Interval))
        {
            Path = path,
        };
    }

    private int Steps(ParseResult result, int length, string path)
    {
        if (!hasNormal || result.GetValue(normal) is not { } text)
            return (int)(UsualNormal * length);
        if (text == AllSteps)
            return length;
        var isCount = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        if (isCount && count > length)
        {
            throw new UserException($"--normal {count}: '{path}' has {length} steps. Give a smaller number, or"
                + $" {AllSteps} to take each step as normal.");
        }

        if (!isCount && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part)
            && part is > 0 and < 1)
        {
            count = (int)(part * length);
        }
        else if (!isCount || count == 0)
        {
            throw new UserException($"--normal should be a number of steps from 1, a fraction below 1, or"
                + $" {AllSteps}; got '{text}'.", isUsage: true);
        }

        return count > 0 ? count : throw new UserException($"--normal {text}: that is no step of the {length} in '{path}'.");
    }

    private static DateTime[] Times(TimeSeries series, string path) => series.Start is null
        ? throw new UserException($"--labels are times, and the rows of '{path}' have none; use --label-column.", isUsage: true)
        : [.. Enumerable.Range(0, series.Length).Select(series.TimeAt)];
}
