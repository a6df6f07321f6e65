using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Runs a trainer where people and programs can follow it.</summary>
/// <param name="trainer">At its start.</param>
/// <param name="settings">How long, and whether to go on from the newest checkpoint.</param>
/// <param name="folder">Of the run.</param>
/// <param name="terminal">Where to show it.</param>
public sealed class WatchedTraining(Trainer trainer, RunSettings settings, string folder, Terminal terminal)
{
    /// <summary>What is counted: characters, pairs.</summary>
    public required string Unit { get; init; }

    /// <summary>Units in a step.</summary>
    public required int PerStep { get; init; }

    /// <summary>Stands above the loss curve.</summary>
    public required string Title { get; init; }

    /// <summary>What each loss is for.</summary>
    public required string LossUnit { get; init; }

    /// <summary>What the JSON line of an evaluation tells beside the loss.</summary>
    public Func<Evaluated, IEnumerable<(string Name, object? Value)>> Details { get; init; } = _ => [];

    /// <summary>Trains with a display of progress and a JSON line for each evaluation, and draws the loss curve.</summary>
    /// <param name="introduce">Tells what is trained, as soon as nothing stands against it.</param>
    /// <param name="cancellation">Saves and ends.</param>
    /// <returns>How it went; null if it was stopped, which has been told.</returns>
    public TrainingReport? Run(Action introduce, CancellationToken cancellation)
    {
        if (!new CheckpointFolder(folder).HasLocks)
            terminal.Error.WriteLine($"The file system of '{folder}' keeps no locks: make sure that no other run writes there.");
        var resumption = settings.Resume ? Resume() : null;
        introduce();
        if (resumption is not null)
            terminal.Line(resumption);
        TrainingDisplay display = terminal.IsLive
            ? new LiveDisplay(terminal.Console, settings.Iterations, trainer.Step, PerStep, Unit)
            : new PlainDisplay(terminal.Messages, settings.Iterations, trainer.Step, PerStep, Unit);
        trainer.StepCompleted += (_, step) => display.OnStep(step);
        trainer.Evaluated += (_, evaluation) =>
        {
            display.OnEvaluated(evaluation);
            terminal.Result([("event", "evaluation"), ("iteration", evaluation.Step), ("validation_loss", evaluation.Loss),
                .. Details(evaluation), ("seconds", Math.Round(display.TrainingSeconds, 3))]);
        };
        var result = display.Watch(() => trainer.Run(cancellation));
        var report = new TrainingReport(result, display, Unit, DrawLoss(), folder);
        if (result.End != TrainingEnd.Cancelled)
            return report;
        TellStopped(result);
        return null;
    }

    private string Resume()
    {
        trainer.CheckpointSkipped += (_, skipped) => terminal.Error.WriteLine($"Passed over: {skipped.Reason}");
        var isResumed = ResumeOrRefuse();
        if (trainer.HasUncheckedData)
        {
            terminal.Error.WriteLine("The checkpoint does not tell what data it was trained on, so that they could not be"
                + " compared; the next one will.");
        }

        return isResumed
            ? $"  Going on from iteration {Show.Count(trainer.Step)}."
            : $"  There is no whole checkpoint in the folder '{folder}' yet: starting at the beginning.";
    }

    private bool ResumeOrRefuse()
    {
        try
        {
            return trainer.Resume();
        }
        catch (CheckpointException other) when (other.IsOfAnotherRun)
        {
            throw new UserException($"{other.Message} Here, --out names another folder, and --from {folder} starts"
                + " from the weights of this one.");
        }
    }

    private void TellStopped(TrainingResult result)
    {
        terminal.Line();
        terminal.Line($"Stopped at iteration {Show.Count(result.Step)} and saved."
            + $" The same command with --resume --out {folder} goes on.");
        terminal.Result(("event", "stopped"), ("iteration", result.Step), ("out", folder));
    }

    private string DrawLoss()
    {
        var path = Path.Combine(folder, "loss.svg");
        AtomicFile.WriteText(path, LossChart.Draw(LossCurve.Read(Path.Combine(folder, "metrics.jsonl")), Title, LossUnit));
        return path;
    }
}
