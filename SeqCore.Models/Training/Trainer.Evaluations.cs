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
        var isBest = options.Goal == EvaluationGoal.Minimize ? loss < progress.BestLoss : loss > progress.BestLoss;
        (progress.EvaluatedAt, progress.LastLoss) = (progress.Step, loss);
        (progress.BestLoss, progress.SinceBest) = isBest ? (loss, 0) : (progress.BestLoss, progress.SinceBest + 1);
        schedule.Observe(loss);
        Report(new Evaluated(progress.Step, loss, isBest));
        return true;
    }

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

    private static void RequireSameGoal(EvaluationGoal ofRun, EvaluationGoal? ofSchedule)
    {
        if ((ofSchedule ?? ofRun) != ofRun)
        {
            throw new ArgumentException($"Trainer: the schedule watches for evaluations to {ofSchedule}, and the options' Goal is"
                + $" {ofRun}. Hint: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.Goal)} and"
                + $" {nameof(PlateauSchedule)}.{nameof(PlateauSchedule.Goal)} to the same.");
        }
    }

    private static double? Known(double loss) => double.IsFinite(loss) ? loss : null;
}
