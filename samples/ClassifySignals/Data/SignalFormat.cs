using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The options that say how files hold series.</summary>
internal sealed class SignalFormat
{
    private static readonly string[] forTables = ["--id", "--time", "--label", "--channels"];

    private readonly Option<string> format = OptionKinds.Choice("--format",
        "A series on each line, the label first, or a table with a row for each step; auto takes a table if the first line has"
            + " a column id, or one is named by an option.", "auto", "auto", "lines", "table");
    private readonly Option<string?> id = Column("--id", "the id of the series", "id");
    private readonly Option<string?> time = Column("--time", "the time", "time, timestamp, datetime, step or t, if there is one");
    private readonly Option<string?> label = Column("--label", "the label", "label");
    private readonly Option<string?> channels = OptionKinds.Text("--channels",
        "Columns of the channels of a table, with commas between them. [default: those that the model has, or all others]",
        "NAMES");
    private readonly Option<bool> unlabelled = new("--unlabelled")
    {
        Description = "Series have no label: lines begin with a value, and a table has no such column.",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="needsLabels">Whether the command needs labels, so that --unlabelled would make no sense.</param>
    public void AddTo(Command command, bool needsLabels)
    {
        foreach (var option in (Option[])[format, id, time, label, channels])
            command.Options.Add(option);
        if (!needsLabels)
            command.Options.Add(unlabelled);
    }

    /// <summary>Adds a description of the files to the help of a command.</summary>
    /// <param name="command">The command.</param>
    public static void Describe(Command command) => command
        .WithFormat("A series on each line, the label first; a colon stands between channels",
            "up   0.1 0.5 0.9 : 2.0 2.1 1.9", "down 0.8 0.4 : 1.8 2.0")
        .WithFormat("A table (CSV, TSV or Parquet) with a row for each step; the rows of a series follow one another",
            "id,t,x,y,label", "s1,0,0.1,2.0,up");

    /// <summary>How a line holds a series.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="known">The channels of a model; null where there is none.</param>
    public SeriesLineOptions Lines(ParseResult result, IReadOnlyList<string>? known) =>
        new() { HasLabel = !IsUnlabelled(result), Channels = known };

    /// <summary>Reads the series of a file.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">
    /// The channels of a model, which are chosen from a table, and whose names columns get that --channels names in their order;
    /// null where there is none.
    /// </param>
    /// <exception cref="DataSourceException">The file cannot be read, or holds something else.</exception>
    /// <exception cref="UserException">--channels does not name as many columns as the model has channels.</exception>
    public IEnumerable<LabelledSeries> Read(ParseResult result, string path, IReadOnlyList<string>? known)
    {
        if (!IsTable(result, path))
        {
            result.Refuse(o => $"{o} is for a table, and '{path}' is read as lines. Add --format table, or leave {o} out.",
                forTables);
            return LabelledSeriesFile.ReadLines(path, Lines(result, known)).Select(Usable);
        }

        var (options, given) = (new SeriesTableOptions(), Channels(result));
        if (known is not null)
            RequireChannels(path, given, known);
        return LabelledSeriesFile.ReadTable(path, options with
        {
            Id = Place(result.GetValue(id)) ?? options.Id,
            Time = Place(result.GetValue(time)),
            Label = IsUnlabelled(result) ? null : Place(result.GetValue(label)) ?? options.Label,
            Channels = given ?? known?.Select(n => (TableColumn)n).ToArray(),
        }).Select(s => Usable(given is null || known is null ? s : s with { Series = Renamed(s.Series, known) }));

        static LabelledSeries Usable(LabelledSeries series)
        {
            SignalReader.RequireUsable(series);
            return series;
        }
    }

    /// <summary>The columns that --channels names; null where it is left out.</summary>
    private TableColumn[]? Channels(ParseResult result)
    {
        if (result.GetValue(channels) is not { } names)
            return null;
        string[] parts = [.. names.Split(',').Select(n => n.Trim())];
        if (parts.Contains(""))
            throw new UserException($"--channels should name columns with commas between them; got '{names}'.", isUsage: true);
        if (parts.GroupBy(p => p).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserException($"--channels names the column '{twice.Key}' twice; leave one out.", isUsage: true);
        return [.. parts.Select(p => Place(p)!.Value)];
    }

    /// <summary>Requires columns for the channels of a model: those that are given, or those of the same names.</summary>
    private static void RequireChannels(string path, TableColumn[]? given, IReadOnlyList<string> known)
    {
        var own = $"{Show.Number(known.Count, "channel")}, {string.Join(", ", known)}";
        if (given is not null)
        {
            if (given.Length != known.Count)
            {
                throw new UserException($"--channels names {Show.Number(given.Length, "column")}, and the model has {own}. Name a"
                    + " column for each, in this order.", isUsage: true);
            }

            return;
        }

        var rows = IsParquet(path) ? ParquetFile.Read(path) : DelimitedFile.Read(path);
        if (rows.FirstOrDefault()?.ColumnNames is { } names && known.FirstOrDefault(k => !names.Contains(k)) is { } missing)
        {
            throw new DataSourceException($"'{path}' has no column '{missing}'; it has {string.Join(", ", names)}. The model has"
                + $" {own}: name a column for each, in this order, with --channels.");
        }
    }

    private static TimeSeries Renamed(TimeSeries series, IReadOnlyList<string> names) => new([.. series.Values], names);

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the series have no labels.</summary>
    public bool IsUnlabelled(ParseResult result) => result.GetResult(unlabelled) is not null && result.GetValue(unlabelled);

    private bool IsTable(ParseResult result, string path)
    {
        if (result.GetValue(format) is var given && given != "auto")
            return given == "table";
        if (IsParquet(path))
            return true;
        if (forTables.Any(result.IsGiven))
            return true;
        var first = TextLines.Read(path).FirstOrDefault(l => !string.IsNullOrWhiteSpace(l.Text)).Text ?? "";
        return first.Split([',', '\t', ';', '|']).Any(c => c.Trim(' ', '"') == "id");
    }

    private static TableColumn? Place(string? column) => column is null ? null
        : int.TryParse(column, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0
            ? number
            : column;

    private static Option<string?> Column(string name, string what, string usual) =>
        OptionKinds.Text(name, $"Column of a table with {what}: its name, or its number from 1. [default: {usual}]", "COLUMN");
}
