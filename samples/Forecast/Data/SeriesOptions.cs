using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>The options that choose a series and its parts.</summary>
internal sealed class SeriesOptions() : DataOptions("series",
    "A CSV, TSV or Parquet file of your own: a column of times and one or more of numbers.", DemandSeries.Name,
    [.. ForecastSet.All.Select(s => s.File with { Name = s.Name })])
{
    private readonly SeriesColumnOptions table = new();
    private readonly Option<string> fill = OptionKinds.Choice("--fill",
        "What replaces missing values. none keeps them missing: they are not scored, and networks leave out windows that have"
            + " one, or read the value before where all have. Each part is filled from itself and from earlier parts; linear"
            + " looks at later values of the part.", "none", "none", "linear", "previous", "seasonal", "mean", "zero");
    private readonly Option<int> season = OptionKinds.Whole("--season",
        "Steps of a season, such as 24 of hours; 1 for none, 0 for what suits the time between two steps.", 0, 0, 100_000);
    private readonly Option<string?> test = OptionKinds.Text("--test",
        "Last steps, which are only scored: a number of steps, or a fraction such as 0.2; 0 for none."
            + " [default: 0.2; that of a named series]", "N");
    private readonly Option<float> validation = OptionKinds.Real("--validation",
        "Fraction of the steps before the test on which weights are chosen and intervals calibrated.",
        (float)SeriesData.UsualValidation, "above 0, below 1", f => f is > 0 and < 1);

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        base.AddTo(command);
        table.AddTo(command);
        foreach (var option in (Option[])[fill, season, test, validation])
            command.Options.Add(option);
    }

    /// <summary>The named set, if one is chosen.</summary>
    public ForecastSet? Set(ParseResult result) =>
        IsFile(result) ? null : ForecastSet.All.FirstOrDefault(s => s.Name == Name(result));

    /// <summary>Reads the series.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The series is not available or not usable.</exception>
    public SeriesData Load(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        var (name, set) = (Name(result), Set(result));
        var path = IsFile(result) ? result.GetValue<string?>("--data")
            : set is null ? null : Locate(set.File, terminal, cancellation);
        if (path is null)
        {
            result.Refuse(o => $"{o} says how a file holds a series, and the built-in one is in none; name a file with --data.",
                SeriesColumnOptions.Names);
        }

        var whole = path is null ? DemandSeries.Make() : SeriesColumnOptions.ReadFile(path, table.Read(result, set?.Table));
        SeriesColumnOptions.RequireChanges(whole, path ?? name, "there is nothing to forecast");
        if (set?.Length is { } length && length < whole.Length)
            whole = whole.Slice(0, length);
        var steps = result.GetValue(season) is > 0 and var given ? given : set?.Season ?? SeriesData.SeasonOf(whole.Interval);
        var size = result.GetValue(test) is { } text ? Size(text) : set?.Test ?? (SplitSize)SeriesData.UsualTest;
        var inner = result.IsGiven("--validation") || set is null ? Decimal(result.GetValue(validation)) : set.Validation;
        var data = SeriesData.Of(name, whole, size, inner, steps) with { Path = path };
        if (Filling(result) is { } filling)
            data = data.Fill(Enum.Parse<GapFilling>(filling, ignoreCase: true));
        if (data.Test is not null)
            data.RequireScale();
        return data;
    }

    /// <summary>What a run records of the series.</summary>
    public IEnumerable<(string Name, object? Value)> Configuration(ParseResult result, SeriesData data) =>
    [
        ("data", data.Name), ("file_sha256", data.Path is null ? null : CardData.HashOf(data.Path)), ("season", data.Season),
        ("fill", Filling(result)), ("test", data.Test?.Length ?? 0),
    ];

    private string? Filling(ParseResult result) => result.GetValue(fill) is { } rule && rule != "none" ? rule : null;

    private static double Decimal(float value) => (double)(decimal)value;

    private static SplitSize Size(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part < 1
            ? part
            : throw new UserException($"--test should be a number of steps or a fraction below 1; got '{text}'.", isUsage: true);
    }
}
