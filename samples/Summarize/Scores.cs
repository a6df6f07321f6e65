using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>The scores of summaries, with the intervals in which they would lie for other texts of the same kind.</summary>
/// <param name="Name">Who wrote the summaries.</param>
/// <param name="Intervals">A score for each of <see cref="Metrics"/>.</param>
/// <param name="Words">The mean number of words.</param>
internal sealed record Scores(string Name, IReadOnlyList<ScoreInterval> Intervals, double Words)
{
    /// <summary>ROUGE-1, ROUGE-2, ROUGE-L and METEOR.</summary>
    public static IReadOnlyList<TextMetric> Metrics { get; } =
        [new Rouge(RougeKind.Rouge1), new Rouge(RougeKind.Rouge2), new Rouge(RougeKind.RougeL), new Meteor()];

    /// <summary>The scores with the ends of their intervals, for JSON.</summary>
    public IReadOnlyList<(string Name, object? Value)> Values =>
    [
        .. Metrics.Zip(Intervals, (m, i) => (Key(m), (object?)i.Score)),
        .. Metrics.Zip(Intervals, (m, i) => ($"{Key(m)}_low", (object?)i.Low)),
        .. Metrics.Zip(Intervals, (m, i) => ($"{Key(m)}_high", (object?)i.High)), ("words", Words),
    ];

    /// <summary>Scores summaries.</summary>
    public static Scores Of(string name, IReadOnlyList<string> written, IReadOnlyList<Example> examples)
    {
        string[] references = [.. examples.Select(e => e.Summary)];
        return new Scores(name, [.. Metrics.Select(m => m.Interval(written, references))],
            written.Average(w => w.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    /// <summary>Scores baselines that copy sentences of the texts.</summary>
    public static IReadOnlyList<Scores> OfBaselines(IReadOnlyList<Example> examples, int sentences) =>
        [.. Sentences.Baselines([.. examples.Select(e => e.Text)], sentences).Select(b => Of(b.Name, b.Summaries, examples))];

    /// <summary>Prints scores and their intervals as two tables, as one would be too wide for a terminal.</summary>
    public static void Print(string title, IReadOnlyList<Scores> all, Terminal terminal)
    {
        new Table(title, ["", .. Metrics.Select(m => m.Name), "words"],
        [
            .. all.Select(s => (Cell[])
                [s.Name, .. s.Intervals.Select(i => Cell.Of(i.Score, Number)), new(Number(s.Words), s.Words)]),
        ]).Print(terminal);
        new Table("95 % intervals of the bootstrap", ["", .. Metrics.Select(m => m.Name)],
            [.. all.Select(s => (Cell[])[s.Name, .. s.Intervals.Select(Interval)])]).Print(terminal);
        foreach (var scores in all)
            terminal.Result([("event", "scores"), ("summaries", scores.Name), .. scores.Values]);
    }

    private static string Key(TextMetric metric) => metric.Name.ToLowerInvariant().Replace('-', '_');

    private static Cell Interval(ScoreInterval interval) => new($"{Number(interval.Low)} to {Number(interval.High)}",
        new (string, object?)[] { ("low", interval.Low), ("high", interval.High) });

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
