namespace SeqCore.Models;

// The average of the last checkpoints, with which a run can end.
public sealed partial class Trainer
{
    /// <summary>Whether a checkpoint is needed for an average, so that the folder keeps it.</summary>
    /// <param name="step">The step of the checkpoint.</param>
    /// <param name="newest">The step of the newest checkpoint.</param>
    private bool IsForAverage(long step, long newest) => options.AverageCheckpoints > 0
        && IsAveraged(step, newest)
        && step > ((newest / options.CheckpointEvery) - options.AverageCheckpoints) * options.CheckpointEvery;

    /// <summary>Whether a run that ends at a step averages a checkpoint; those of a cancellation do not count.</summary>
    private bool IsAveraged(long step, long end) => step == end || step % options.CheckpointEvery == 0;

    /// <summary>
    /// Gives the model the average weights of the last checkpoints and evaluates them; if they are the best, they become those of
    /// the best evaluation.
    /// </summary>
    /// <returns>The evaluation, or the reason why there is none.</returns>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    private (double? Loss, string? Error) UseAverage(CancellationToken cancellation)
    {
        string[] paths = [.. folder!.Checkpoints().Where(p => IsAveraged(CheckpointFolder.StepOf(p), progress.Step))
            .Take(options.AverageCheckpoints)];
        try
        {
            using var average = CheckpointAverage.Of(paths, parameters[0].Value.Backend);
            task.Model.LoadStateDictionary(average.Part(TrainingCheckpoint.ModelPart));
        }
        catch (CheckpointException unread)
        {
            return (null, unread.Message);
        }

        var loss = task.Evaluate(cancellation);
        if (IsBetter(loss))
            KeepAverage(loss, paths[0]);
        return (loss, null);
    }

    private void KeepAverage(double loss, string newest)
    {
        (progress.BestLoss, progress.BestTie) = (loss, TieBreaker);
        var path = folder!.SaveBest(Capture());

        // A resumption that continues from the newest checkpoint has to know what the best evaluation is.
        using (var last = CheckpointFolder.Read(newest, parameters[0].Value.Backend))
        {
            progress.SaveBest(last);
            folder.Save(last);
        }

        TakeFolder();
        CheckpointSaved?.Invoke(this, new CheckpointSaved(progress.Step, path, IsBest: true));
    }
}
