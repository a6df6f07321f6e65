using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>
/// Scores forecasters side by side, baselines first; finished rows are kept, so that the same command continues after a stop.
/// </summary>
/// <param name="usual">The forecasters where none are named.</param>
/// <param name="isDemonstration">Whether other commands are named at the end.</param>
internal class CompareCommand(IReadOnlyList<ForecastModel> usual, bool isDemonstration = false) : MachineCommand
{
    private readonly SeriesOptions data = new();
    private readonly ForecastOptions defaults = new();
    private readonly Option<string?> models = OptionKinds.Text("--models",
        $"Forecasters, with commas between them: {string.Join(", ", ForecastModel.Names)}."
            + $" [default: {(usual.Count == ForecastModel.All.Count ? "all" : string.Join(", ", usual.Select(m => m.Name)))}]",
        "NAMES");
    private readonly Option<string?> horizons = OptionKinds.Text("--horizons",
        "Several horizons, with commas between them. [default: that of --horizon]", "N,N");
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds", "Number of seeds for each network, from --seed on.", 1, 1,
        100);
    private readonly Option<float> coverage = Intervals.Option();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        command.StartGroup("Comparison");
        foreach (var option in (Option[])[models, horizons, seeds, coverage])
            command.Options.Add(option);
        defaults.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        result.Refuse(o => $"{o}: a comparison keeps the rows that it finished, and needs no {o}; leave it out.", "--resume",
            "--from", "--checkpoint-every");
        ForecastModel[] chosen = result.GetValue(models) is { } names
            ? [.. names.Split(',').Select(n => ForecastModel.Of(n.Trim())).Distinct()]
            : [.. usual];
        var series = data.Load(result, terminal, context.Cancellation);
        if (series.Test is null)
            throw new UserException("--test 0 leaves no steps to compare forecasters on.", isUsage: true);
        if (series.Season < 2 && result.GetValue(models) is null)
            chosen = [.. chosen.Where(m => !m.NeedsSeason)];
        var folder = result.GetValue<string?>("--out") ?? Path.Combine(Runs.Folder, $"forecasts-{series.Name}");
        var level = result.Coverage(coverage);

        var wanted = Wanted(result, chosen, series);
        foreach (var (options, _, _) in wanted)
            Intervals.Require(level, options, series);

        // Two programs would overwrite each other's results.
        using var taken = new RunFolder(folder);
        TrainingRun.Introduce(null, series, machine, folder, terminal);
        var rows = Rows(result, wanted, series, folder, level, context);
        int[] lengths = [.. rows.Select(r => r.Horizon).Distinct()];
        Table[] tables = [.. lengths.Select(h => ScoreTables.Of(series, rows, h, level, isForTerminal: true))];
        foreach (var (horizon, table) in lengths.Zip(tables))
        {
            table.Print(terminal);
            terminal.Line();
            if (ScoreTables.Verdict(rows, horizon) is { } verdict)
                terminal.Paragraph(verdict);
        }

        terminal.Paragraph(ScoreTables.Legend(series, level, tables[0]));
        WritePage(series, rows, lengths, folder, level, terminal);
        if (isDemonstration)
            context.TellMore("-- train --data my.csv for a series of your own, -- predict for its next steps");
    }

    /// <summary>Writes the page.</summary>
    private static void WritePage(SeriesData series, IReadOnlyList<ForecastRow> rows, int[] horizons, string folder, double level,
        Terminal terminal)
    {
        var page = new HtmlPage($"Forecasters on {series.Name}");
        page.Paragraph($"{TrainingRun.Describe(series)}.");

        // The forecast of what comes is that of the best one.
        var best = rows.Where(r => r.Horizon == horizons[0]).GroupBy(r => r.Row).MinBy(g => g.Average(r => r.Mase))!.First();
        page.Heading($"The next steps, by {best.Row}");
        page.Chart(ForecastPage.Next(series.Whole, best), $"The band is the interval for {ScoreTables.Level(level)}.");
        foreach (var horizon in horizons)
        {
            page.Heading($"Forecasts of {horizon} steps");
            ForecastPage.AddTable(page, series, rows, horizon, level);
            if (ScoreTables.Verdict(rows, horizon) is { } verdict)
                page.Paragraph(verdict);
            page.Chart(ForecastPage.ByStep(series, rows, horizon), "Lower is better. Of many forecasters the best are shown.");
        }

        var path = Path.Combine(folder, "forecasts.html");
        page.Save(path);
        terminal.Line();
        terminal.Pair("page", path);
        terminal.Result(("event", "page"), ("page", path));
    }

    /// <summary>The rows that are asked for; horizons that do not fit are refused before the first of them.</summary>
    private (ForecastOptions Options, ForecastModel Model, int Seed)[] Wanted(ParseResult result, ForecastModel[] chosen,
        SeriesData series)
    {
        return [.. Horizons(result).SelectMany(h => chosen.SelectMany(m =>
            Enumerable.Range(0, m.HasSeeds ? result.GetValue(seeds) : 1).Select(i => (Options(h, m, i), m, i))))];

        ForecastOptions Options(int? horizon, ForecastModel model, int seed)
        {
            var options = ForecastOptions.Of(model, series, data.Set(result), result, horizon);
            return options with { Seed = options.Seed + (ulong)seed };
        }
    }

    /// <summary>The rows, those that are there already and new ones.</summary>
    private List<ForecastRow> Rows(ParseResult result, (ForecastOptions Options, ForecastModel Model, int Seed)[] wanted,
        SeriesData series, string folder, double level, Context context)
    {
        var (file, terminal, rows) = (new ResultsFile<ForecastRow>(folder), context.Terminal, new List<ForecastRow>());
        foreach (var (options, model, seed) in wanted)
        {
            var configuration = Configuration(result, model, options, series, level);
            var row = file.Find(model.Name, options.Seed, configuration);
            var kept = row is not null;
            if (row is null)
            {
                try
                {
                    row = Baseline.Row(model, options, series, level, configuration, context.Cancellation);
                }
                catch (DataSourceException tooShort)
                {
                    terminal.Error.WriteLine($"{model.Name} is left out: {tooShort.Message}");
                    continue;
                }

                file.Add(row);
            }

            rows.Add(row);
            terminal.Line($"  {model.Name,-15} {(kept ? "kept from an earlier run" : Show.Time(row.Seconds))}, horizon"
                + $" {options.Horizon}{(seed > 0 ? $", seed {options.Seed}" : "")}: MASE {SeriesText.Short(row.Mase)}"
                + $" ({rows.Count} of {wanted.Length})");
            terminal.Result(row.Values);
        }

        return rows.Count > 0 ? rows : throw new DataSourceException("No forecaster could be fitted; the reasons are above.");
    }

    private int?[] Horizons(ParseResult result)
    {
        if (result.GetValue(horizons) is not { } text)
            return [null];
        return [.. text.Split(',').Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n > 0 ? (int?)n
            : throw new UserException($"--horizons should be whole numbers with commas between them; got '{text}'.",
                isUsage: true))];
    }

    private IReadOnlyDictionary<string, string> Configuration(ParseResult result, ForecastModel model, ForecastOptions options,
        SeriesData series, double level) => TrainingRun.Texts(
        [
            .. data.Configuration(result, series), ("coverage", level), ("validation", series.Validation.Length),
            ("steps", series.Whole.Length), ("channels", string.Join(",", series.Whole.Channels)),
            .. options.Configuration(model),
            .. model.Network is null ? [] : options.NewTrainerOptions("").Configuration.Select(c => (c.Key, (object?)c.Value)),
        ]);
}
