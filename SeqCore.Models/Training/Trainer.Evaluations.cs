namespace SeqCore.Models;

// When a run evaluates, and what follows from it.
public sealed partial class Trainer
{
    /// <returns>False if the evaluation was cancelled.</returns>
    private bool EvaluateIfDue(CancellationToken cancellation)
    {
        if (progress.EvaluatedAt == progress.Step || !(IsDue(options.EvaluateEvery) || progress.Step >= options.Steps))
            return true;
        WriteSteps();
        mode.Evaluate();
        double loss;
        try
        {
            loss = task.Evaluate(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            mode.Train();
        }

        if (double.IsNaN(loss))
        {
            // The steps since the last checkpoint are not lost; a resumption evaluates again.
            if (unsaved)
                Save();
            throw new InvalidOperationException($"Trainer.Run: the evaluation after step {progress.Step} returned NaN, which"
                + " cannot be compared with other evaluations. Hint: look for a mean over no example, such as an empty validation"
                + " set or one whose labels are all ignored, for NaN or infinity in the validation data, and for a logarithm or a"
                + " division by 0.");
        }

        unsaved = true;
        var isBest = IsBetter(loss);
        (progress.EvaluatedAt, progress.LastLoss) = (progress.Step, loss);
        if (isBest)
            (progress.BestLoss, progress.BestTie, progress.SinceBest) = (loss, TieBreaker, 0);
        else
            progress.SinceBest++;
        schedule.Observe(loss);
        Report(new Evaluated(progress.Step, loss, isBest));
        return true;
    }

    private bool IsBetter(double loss) => goal switch
    {
        EvaluationGoal.Minimize => loss < progress.BestLoss || BreaksTie(loss),
        EvaluationGoal.Maximize => loss > progress.BestLoss || BreaksTie(loss),
        _ => false,
    };

    /// <summary>The task's second number; NaN, which breaks no tie, where it has none.</summary>
    private double TieBreaker => task.TieBreaker ?? double.NaN;

    private bool BreaksTie(double loss) => loss == progress.BestLoss && TieBreaker < progress.BestTie;

    private void Report(in Evaluated evaluation)
    {
        foreach (var sink in sinks)
            sink.Write(evaluation);
        progress.MetricLines++;
        if (evaluation.IsBest)
            best?.Keep();
        if (folder is not null && evaluation.IsBest)
        {
            var path = folder.SaveBest(Capture());
            CheckpointSaved?.Invoke(this, new CheckpointSaved(progress.Step, path, IsBest: true));
        }

        Evaluated?.Invoke(this, evaluation);
    }

    /// <summary>Returns the goal of a run; null if nothing of the run depends on it and nobody gave it.</summary>
    /// <exception cref="ArgumentException">Goals differ, or the one that something depends on is missing.</exception>
    private static EvaluationGoal? GoalOf(TrainingTask task, TrainerOptions options, LearningRateSchedule schedule)
    {
        if ((options.Goal ?? task.Goal) is not { } goal)
        {
            return UseOfGoal(options, schedule) is { } use
                ? throw new ArgumentException($"Trainer: {use} depends on which of two evaluations is better, and the task does"
                    + $" not know it. Hint: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.Goal)} to"
                    + $" {nameof(EvaluationGoal)}.{nameof(EvaluationGoal.Minimize)} if the task evaluates a loss or an error, and"
                    + $" to {nameof(EvaluationGoal)}.{nameof(EvaluationGoal.Maximize)} if it evaluates an accuracy or a score.",
                    nameof(options))
                : null;
        }

        if (task.Goal is { } known && known != goal)
        {
            throw new ArgumentException($"Trainer: the options' Goal is {goal}, but {task.GetType().Name} has evaluations to"
                + $" {known}. Hint: leave {nameof(TrainerOptions)}.{nameof(TrainerOptions.Goal)} null.", nameof(options));
        }

        if (schedule.ObservedGoal is { } watched && watched != goal)
        {
            throw new ArgumentException($"Trainer: the schedule watches for evaluations to {watched}, and the Goal of the run is"
                + $" {goal}. Hint: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.Goal)} and"
                + $" {nameof(PlateauSchedule)}.{nameof(PlateauSchedule.Goal)} to the same.", nameof(schedule));
        }

        return goal;
    }

    /// <summary>Returns what depends on the goal of a run; null if nothing does.</summary>
    private static string? UseOfGoal(TrainerOptions options, LearningRateSchedule schedule) =>
        options.Patience is not null ? nameof(TrainerOptions.Patience)
        : options.RestoreBest ? nameof(TrainerOptions.RestoreBest)
        : options.Folder is not null ? "the best checkpoint in the Folder"
        : schedule.ObservedGoal is not null ? "the schedule"
        : null;
}
