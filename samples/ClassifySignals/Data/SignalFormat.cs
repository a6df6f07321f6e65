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
        "Columns of the channels of a table, with commas between them. [default: all others]", "NAMES");
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

    /// <summary>How a line holds a series.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="known">The channels of a model; null where there is none.</param>
    public SeriesLineOptions Lines(ParseResult result, IReadOnlyList<string>? known) =>
        new() { HasLabel = !IsUnlabelled(result), Channels = known };

    /// <summary>Reads the series of a file.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">The channels of a model, which are chosen from a table; null where there is none.</param>
    /// <exception cref="DataSourceException">The file cannot be read, or holds something else.</exception>
    public IEnumerable<LabelledSeries> Read(ParseResult result, string path, IReadOnlyList<string>? known)
    {
        if (!IsTable(result, path))
        {
            result.Refuse(o => $"{o} is for a table, and '{path}' is read as lines. Add --format table, or leave {o} out.",
                forTables);
            return LabelledSeriesFile.ReadLines(path, Lines(result, known));
        }

        var options = new SeriesTableOptions();
        return LabelledSeriesFile.ReadTable(path, options with
        {
            Id = Place(result.GetValue(id)) ?? options.Id,
            Time = Place(result.GetValue(time)),
            Label = IsUnlabelled(result) ? null : Place(result.GetValue(label)) ?? options.Label,
            Channels = result.GetValue(channels) is { } names
                ? [.. names.Split(',').Select(n => Place(n.Trim())!.Value)]
                : known?.Select(n => (TableColumn)n).ToArray(),
        });
    }

    private bool IsUnlabelled(ParseResult result) => result.GetResult(unlabelled) is not null && result.GetValue(unlabelled);

    private bool IsTable(ParseResult result, string path)
    {
        if (result.GetValue(format) is var given && given != "auto")
            return given == "table";
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
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
