using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// What the program does without a command: trains taggers without characters, without a conditional random field and without
/// both on the built-in sentences, then a whole one.
/// </summary>
internal sealed class Demonstration() : TrainCommand(isDemonstration: true)
{
    /// <inheritdoc/>
    protected override bool Introduce(TagData sentences, TrainOptions options, Context context)
    {
        var terminal = context.Terminal;
        if (sentences.Test.Count == 0 || options.Model is not { CharacterFeatures: > 0, HasCrf: true })
            return true;
        terminal.Paragraph("First models without some parts. Most names of the test are in no sentence for training, and where"
            + " nothing tells which two of three partners are a firm, the tags of all their words have to agree on one reading.");
        terminal.Line();
        foreach (var row in AblationRow.All(options.Model).Take(3))
        {
            if (AblationRun.Of(row.Name, row.Of(options), sentences, "test", null, null, context.Cancellation) is not { } run)
                return false;
            terminal.Line($"  {run.Model,-22} F1 of names {Show.Percent(run.Main)}, {Show.Time(run.Seconds)}");
            terminal.Result(("event", "baseline"), ("model", run.Model), ("accuracy", run.Accuracy), ("span_f1", run.SpanF1),
                ("unknown_accuracy", run.UnknownAccuracy));
        }

        terminal.Line();
        return true;
    }
}
