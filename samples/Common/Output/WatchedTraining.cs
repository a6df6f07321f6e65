using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Runs a trainer where people and programs can follow it.</summary>
public static class WatchedTraining
{
    /// <summary>Goes back to the newest whole checkpoint of a folder.</summary>
    /// <returns>What happened, for people.</returns>
    public static string Resume(Trainer trainer, string folder, Terminal terminal)
    {
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Passed over: {skipped.Reason}");
        return trainer.Resume()
            ? $"  Going on from iteration {Show.Count(trainer.Step)}."
            : $"  There is no whole checkpoint in the folder '{folder}' yet: starting at the beginning.";
    }

    /// <summary>Trains with a display of progress, and a JSON line for each evaluation.</summary>
    /// <param name="trainer">At its start, or resumed.</param>
    /// <param name="iterations">Steps in all.</param>
    /// <param name="perStep">Units in a step.</param>
    /// <param name="unit">What is counted: characters, pairs.</param>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="cancellation">Saves and ends.</param>
    public static (TrainingResult Result, TrainingDisplay Display) Run(Trainer trainer, long iterations, int perStep, string unit, Terminal terminal, CancellationToken cancellation)
    {
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, iterations, trainer.Step, perStep, unit)
            : new PlainDisplay(terminal.Messages, iterations, trainer.Step, perStep, unit);
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result(("event", "evaluation"), ("iteration", evaluation.Step), ("validation_loss", evaluation.Loss),
                ("seconds", Math.Round(display.TrainingSeconds, 3)));
        };
        return (display.Watch(() => trainer.Run(cancellation)), display);
    }

    /// <summary>Tells that a run was stopped and how to go on.</summary>
    public static void TellStopped(TrainingResult result, string folder, Terminal terminal)
    {
        terminal.Line();
        terminal.Line($"Stopped at iteration {Show.Count(result.Step)} and saved. The same command with --resume --out {folder} goes on.");
        terminal.Result(("event", "stopped"), ("iteration", result.Step), ("out", folder));
    }

    /// <summary>Draws the run's loss curve.</summary>
    /// <param name="folder">Of the run; holds its metrics.</param>
    /// <param name="title">Stands above the picture.</param>
    /// <param name="unit">What each loss is for.</param>
    /// <returns>Path of the picture.</returns>
    public static string DrawLoss(string folder, string title, string unit = "character")
    {
        var path = Path.Combine(folder, "loss.svg");
        File.WriteAllText(path, LossChart.Draw(LossCurve.Read(Path.Combine(folder, "metrics.jsonl")), title, unit));
        return path;
    }
}
