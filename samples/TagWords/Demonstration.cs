using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// What the program does without a command: trains taggers without characters, without a conditional random field and without
/// both on the built-in sentences, then a whole one.
/// </summary>
internal sealed class Demonstration() : TrainCommand(isDemonstration: true)
{
    private readonly List<IReadOnlyList<Cell>> rows = [];

    /// <inheritdoc/>
    protected override bool Introduce(TagData sentences, TrainOptions options, Context context)
    {
        var terminal = context.Terminal;
        if (sentences.Test.Count == 0 || options.Model is not { CharacterFeatures: > 0, HasCrf: true })
            return true;
        terminal.Paragraph("First models without some parts. Most names in the test sentences are in no sentence for training, so"
            + " a model has to read their characters. Some sentences can be read in two ways, and the tags of all words have to"
            + " follow the same one; a conditional random field (CRF) looks after that.");
        terminal.Line();
        foreach (var row in AblationRow.All(options.Model).Take(3))
        {
            if (AblationRun.Of(row.Name, row.Of(options), new Dictionary<string, string>(), sentences, "test", null, null,
                context.Cancellation) is not { } run)
                return false;
            terminal.Line($"  {run.Row,-22} F1 of names {Show.Percent(run.Main)}, {Show.Time(run.Seconds)}");
            rows.Add(Row(run.Row, run.Main, run.Accuracy, run.UnknownAccuracy ?? double.NaN));
            terminal.Result(("event", "baseline"), ("model", run.Row), ("accuracy", run.Accuracy), ("span_f1", run.SpanF1),
                ("unknown_accuracy", run.UnknownAccuracy));
        }

        terminal.Line();
        return true;
    }

    /// <inheritdoc/>
    protected override void Compare(TagScores scores, TextTagger model, Terminal terminal)
    {
        if (rows.Count == 0)
            return;
        new Table("Scores of the test sentences", ["model", "F1 of names", "accuracy", "unknown words"],
            [.. rows, Row(ModelText.Title(model.Options), scores.Main, scores.Accuracy.Score, scores.UnknownAccuracy)])
            .Print(terminal);
    }

    private static IReadOnlyList<Cell> Row(string model, params double[] scores) =>
        [model, .. scores.Select(s => Cell.Of(s, Show.Percent))];
}
