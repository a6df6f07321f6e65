namespace SeqCore.Models;

// What a run writes to its folder and reads from it, and how it notices that another run uses the same folder.
public sealed partial class Trainer
{
    private const string GoalEntry = "evaluation.goal";

    private void Save()
    {
        if (folder is null)
            return;
        WriteSteps();
        foreach (var sink in sinks)
            sink.Flush();
        var path = folder.Save(Capture());
        TakeFolder();
        unsaved = false;
        CheckpointSaved?.Invoke(this, new CheckpointSaved(progress.Step, path, IsBest: false));
    }

    /// <returns>The reason why the best weights could not be read, so that the last ones are kept; null if none.</returns>
    private string? RestoreBest()
    {
        // Without a best evaluation there is no best checkpoint, and a file would be from an earlier run.
        if (!progress.HasBest(goal))
            return null;
        if (folder is null)
        {
            best!.Restore();
            return null;
        }

        try
        {
            using var checkpoint = CheckpointFolder.Read(folder.BestPath, parameters[0].Value.Backend);
            task.Model.LoadStateDictionary(checkpoint.Part(TrainingCheckpoint.ModelPart));
            return null;
        }
        catch (Exception unread) when (unread is CheckpointException or StateDictionaryException)
        {
            return unread.Message;
        }
    }

    private CheckpointData Capture()
    {
        var checkpoint = TrainingCheckpoint.Capture(task, optimizer, schedule);
        progress.Save(checkpoint);
        checkpoint.Values[GoalEntry] = goal.ToString()!;
        foreach (var (name, value) in OptimizerDescription.Of(task.Model, optimizer, baseLearningRate))
            checkpoint.Values[name] = value;
        foreach (var (name, value) in configuration.Value)
            checkpoint.SetConfiguration(name, value);
        return checkpoint;
    }

    /// <summary>Requires that the checkpoint's best evaluation was chosen as this run would; older ones minimized.</summary>
    private void RequireGoal(CheckpointData checkpoint)
    {
        var before = checkpoint.Values.GetValueOrDefault(GoalEntry, nameof(EvaluationGoal.Minimize));
        if (before != goal.ToString())
        {
            throw new CheckpointException($"{checkpoint.Source} belongs to a run whose Goal was {before}, and it is"
                + $" {goal} here, so that the best evaluation would be another. Hint: set TrainerOptions.Goal as it was,"
                + " or start a new run in another folder.")
            { IsFromAnotherRun = true };
        }
    }

    private void RequireOwnFolder()
    {
        if (folder is null)
            return;
        if (!ownsFolder && folder.Checkpoints().Append(folder.BestPath).FirstOrDefault(File.Exists) is { } other)
        {
            throw new CheckpointException(
                $"The folder '{folder.Location}' holds the checkpoints of another run, the newest {Path.GetFileName(other)}."
                    + " Resume that run, or choose another folder.");
        }

        if (ownsFolder && newest != Newest(folder))
        {
            throw new CheckpointException($"Another run has written to the folder '{folder.Location}' since this one last used"
                + " it. Resume again, or choose another folder.");
        }

        TakeFolder();
    }

    // The folder is not locked between a resumption and the run, so its contents are compared then.
    private void TakeFolder() => (ownsFolder, newest) = (true, Newest(folder!));

    private static (string? Path, DateTime Written) Newest(CheckpointFolder folder) =>
        folder.Checkpoints() is [var path, ..] ? (path, File.GetLastWriteTimeUtc(path)) : default;
}
