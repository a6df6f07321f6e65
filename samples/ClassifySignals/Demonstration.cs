using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>What the program does without a command: tries simple methods on the built-in gestures, then trains a GRU.</summary>
internal sealed class Demonstration() : TrainCommand(isDemonstration: true)
{
    private readonly List<IReadOnlyList<Cell>> rows = [];

    /// <inheritdoc/>
    protected override bool Introduce(SignalData signals, TrainOptions options, Context context)
    {
        var terminal = context.Terminal;
        if (signals.Test.Count == 0)
            return true;
        terminal.Paragraph("First methods without a network. Gestures begin and end at different times, so a step says little by"
            + " itself, and the directions of a circle differ only in the order of two channels.");
        terminal.Line();
        foreach (var method in Contender.Baselines)
        {
            if (ContenderRun.Of(method, options, new Dictionary<string, string>(), signals.Training, signals.Test, signals.Labels,
                context.Cancellation) is not { } run)
            {
                return false;
            }

            var accuracy = new SignalScores(signals.Labels, signals.Test, [.. run.Predictions], positive: null).Accuracy.Score;
            terminal.Line($"  {method.Title,-24} {Show.Percent(accuracy),7} right, {Show.Time(run.Seconds)}");
            rows.Add([method.Title, Cell.Of(accuracy, Show.Percent)]);
            terminal.Result(("event", "baseline"), ("model", method.Name), ("accuracy", accuracy), ("seconds", run.Seconds));
        }

        terminal.Line();
        return true;
    }

    /// <inheritdoc/>
    protected override void Compare(SignalScores scores, SeriesClassifier model, Terminal terminal)
    {
        if (rows.Count == 0)
            return;
        new Table("Accuracy on the test series", ["method", "accuracy"],
            [.. rows, [ModelText.Title(model.Options), Cell.Of(scores.Accuracy.Score, Show.Percent)]]).Print(terminal);
    }
}
