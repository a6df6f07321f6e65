using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The chapter about what is learned.</summary>
internal static class RecallSection
{
    /// <summary>The largest number of points of a line; more cannot be distinguished.</summary>
    private const int MostPoints = 120;

    internal static Section Build(Part<RecallResult> part)
    {
        var result = part.Result;
        var settings = result.Settings;
        var rates = string.Join(" and ", settings.LearningRates.Select(r => Figures.Invariant($"{r}")));
        var section = new Section("Recall");
        section.Text(string.Create(CultureInfo.InvariantCulture,
            $"Models of one recurrent layer, and a Transformer of two blocks, with as many parameters each, learn tasks"
            + $" whose answer is far back. All have the same settings: Adam, {settings.Batch} sequences a step,"
            + $" gradients clipped to norm {settings.Clip}, and each of the learning rates {rates}, of which the better"
            + $" one counts for each model, task and length. Every sequence is new, so accuracy is measured on unseen"
            + $" sequences; a point is the mean of {settings.Every} steps, and a task counts as learned at the first point with"
            + $" {100 * settings.Learned:0} % or more. A run that has not learned it by its cap gives up, which says"
            + $" nothing about what more steps would bring. Each has {settings.Seeds} seeds; bands and ranges show their"
            + $" spread. LSTMs have a forget bias of 1 unless they say otherwise."));
        section.Add(Parameters(result));
        foreach (var kind in Enum.GetValues<TaskKind>())
        {
            foreach (var length in result.Lengths(kind))
                Pictures(section, result, kind, length);
            section.Add(Steps(result, kind));
        }

        section.Add(AttributionTable(result));
        return section;
    }

    private static Table Parameters(RecallResult result) => new("The models", ["model", "parameters, by task"],
    [
        .. from run in result.Runs
           group run by run.Model into model
           select (IReadOnlyList<Cell>)[model.Key.Name(), Range(model.Select(r => (double)r.Parameters))],
    ]);

    private static Cell Range(IEnumerable<double> values)
    {
        var (_, least, most) = Spread.Of(values);
        return least == most
            ? Cell.Of(least, Show.Count)
            : new Cell($"{Show.Count(least)} to {Show.Count(most)}",
                new (string, object?)[] { ("least", least), ("most", most) });
    }

    private static void Pictures(Section section, RecallResult result, TaskKind kind, int length)
    {
        var runs = result.Runs.Where(r => r.Group == kind && r.Length == length).ToArray();
        var accuracy = new LineChart(new ChartAxis("training steps") { Least = 0 },
            new ChartAxis("accuracy, %") { Least = 0, Most = 100 })
        {
            Title = $"{Title(kind, runs[0].Task)}, length {length}: accuracy",
        };
        var loss = new LineChart(new ChartAxis("training steps") { Least = 0 }, new ChartAxis("loss") { Least = 0 })
        {
            Title = $"{Title(kind, runs[0].Task)}, length {length}: loss",
        };
        foreach (var model in result.Models(kind))
        {
            var best = result.Of(kind, length, model);
            accuracy.Series.Add(CurveCharts.Series(model, Points(best, p => 100 * p.Accuracy)));
            loss.Series.Add(CurveCharts.Series(model, Points(best, p => p.Loss)));
        }

        var caption = "Medians of the seeds, with bands from the smallest to the largest; lines end where all seeds have learned"
            + $" it. Guessing is right in {Figures.Share(runs[0].Chance)}. The cap is {Show.Count(runs[0].Cap)} steps.";
        section.Add(accuracy, caption);
        section.Add(loss, "The loss of the same runs.");
    }

    // A run that has ended stays at its last point while others continue.
    private static List<ChartPoint> Points(IEnumerable<TrainingRun> runs, Func<LearningPoint, double> value)
    {
        var all = runs.Where(r => r.Points.Count > 0).ToArray();
        var steps = all.SelectMany(r => r.Points).Select(p => p.Step).Distinct().Order().ToArray();
        var every = (steps.Length + MostPoints - 1) / MostPoints;
        return [.. steps.Where((_, i) => i % every == 0 || i == steps.Length - 1)
            .Select(s => ChartPoint.Median(s, all.Select(r => value(r.Points.LastOrDefault(p => p.Step <= s, r.Points[0])))))];
    }

    private static Table Steps(RecallResult result, TaskKind kind)
    {
        var lengths = result.Lengths(kind);
        var runs = result.Runs.Where(r => r.Group == kind).ToArray();
        if (runs.Length == 0)
            return new Table("", [], []);
        return new Table($"{Title(kind, runs[0].Task)}: steps to"
            + $" {Figures.Digits(Math.Round(100 * result.Settings.Learned, 1)).Replace(".0", "", StringComparison.Ordinal)} %,"
            + " median (least to most)", ["model", .. lengths.Select(l => $"length {l}")],
            [.. result.Models(kind).Select(model => (IReadOnlyList<Cell>)[model.Name(),
                .. lengths.Select(l => StepsOf(result.Of(kind, l, model)))])]);
    }

    /// <summary>For example 150 (125 to 200), rate 0.01; or not within 400.</summary>
    internal static Cell StepsOf(IReadOnlyList<TrainingRun> runs)
    {
        if (runs.Count == 0)
            return "-";
        var spread = Spread.Of(runs.Select(r => r.Steps));
        return new Cell(Words(runs, spread), new (string, object?)[]
        {
            ("median", spread.Median), ("least", spread.Least), ("most", spread.Most),
            ("learning_rate", Math.Round(runs[0].LearningRate, 7)),
        });
    }

    private static string Words(IReadOnlyList<TrainingRun> runs, Spread steps)
    {
        var (median, least, most) = steps;
        if (double.IsInfinity(least))
            return $"not within {Show.Count(runs[0].Cap)}";
        var failed = runs.Count(r => r.LearnedAt is null);
        var upTo = failed == 0 ? Show.Count(most) : $"not within {Show.Count(runs[0].Cap)}: {failed} of {runs.Count}";
        var rate = Figures.Invariant($", rate {runs[0].LearningRate}");
        return (double.IsInfinity(median)
            ? $"{Show.Count(least)} at best; {upTo}"
            : $"{Show.Count(median)} ({Show.Count(least)} to {upTo})") + rate;
    }

    private static Table AttributionTable(RecallResult result) => new(
        "Where trained models look: the share of the first token",
        ["model", "length", "attention", "gradient", "even share"],
        [
            .. from length in result.Lengths(TaskKind.RememberFirst)
               from model in result.Models(TaskKind.RememberFirst)
               let learned = result.Of(TaskKind.RememberFirst, length, model)
                   .Where(r => r.LearnedAt is not null).ToArray()
               where learned.Length > 0
               select (IReadOnlyList<Cell>)
               [
                   model.Name(), Cell.Of(length, Show.Count), Share(learned.Select(r => r.AttentionShare)),
                   Share(learned.Select(r => r.GradientShare)), Cell.Of(1.0 / length, Figures.Share),
               ],
        ]);

    private static Cell Share(IEnumerable<double?> shares) =>
        shares.OfType<double>().ToArray() is { Length: > 0 } present ? Cell.Of(Spread.Of(present).Median, Figures.Share) : "-";

    private static string Title(TaskKind kind, string task)
    {
        var words = kind == TaskKind.Positions ? "remember the first, with and without positions" : task;
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
