namespace SeqCore.Models;

/// <summary>Saves everything that determines the next step to a checkpoint, and restores it.</summary>
internal static class TrainingCheckpoint
{
    internal const string ModelPart = "model";
    private const string Optimizer = "optimizer", Schedule = "schedule";

    internal static CheckpointData Capture(TrainingTask task, Optimizer optimizer, LearningRateSchedule schedule)
    {
        var checkpoint = new CheckpointData();
        checkpoint.Add(ModelPart, task.Model.StateDictionary());
        if (task.Model is Model model)
            Describe(checkpoint, model);
        var state = optimizer.StateDictionary();
        checkpoint.Add(Optimizer, state.Tensors);
        SetAll(checkpoint, Optimizer, state.Scalars);
        SetAll(checkpoint, Schedule, schedule.StateDictionary());
        task.Save(checkpoint);
        return checkpoint;
    }

    /// <returns>The progress of the run.</returns>
    /// <exception cref="CheckpointException">Something does not fit, and the message lists it; nothing has changed.</exception>
    internal static TrainingProgress Restore(CheckpointData checkpoint, TrainingTask task, Optimizer optimizer,
        LearningRateSchedule schedule)
    {
        using var before = new CheckpointData("The state before");
        task.Save(before);
        CopyTensors(before);
        var scheduleBefore = schedule.StateDictionary().ToDictionary();
        try
        {
            // Large parts are checked and come last; small ones are restored if a later part does not fit.
            var model = checkpoint.Part(ModelPart);
            task.Model.CheckStateDictionary(model);
            var progress = TrainingProgress.Of(checkpoint);
            var optimizerState = new OptimizerState(checkpoint.Part(Optimizer), Scalars(checkpoint, Optimizer));
            task.Restore(checkpoint);
            schedule.LoadStateDictionary(Scalars(checkpoint, Schedule));
            optimizer.LoadStateDictionary(optimizerState);
            task.Model.LoadStateDictionary(model);
            return progress;
        }
        catch (Exception misfit)
        {
            task.Restore(before);
            schedule.LoadStateDictionary(scheduleBefore);
            if (misfit is StateDictionaryException)
                throw new CheckpointException($"{checkpoint.Source} does not fit this run: {misfit.Message}", misfit);
            throw;
        }
    }

    private static void CopyTensors(CheckpointData checkpoint)
    {
        using var suspension = TensorScope.Suspend();
        foreach (var name in checkpoint.Tensors.Keys.ToArray())
            checkpoint.Tensors[name] = checkpoint.Tensors[name].Copy();
    }

    private static void Describe(CheckpointData checkpoint, Model model)
    {
        foreach (var (name, value) in ModelDescription.Of(model))
            checkpoint.Values[name] = value;
    }

    private static void SetAll(CheckpointData checkpoint, string part, IReadOnlyDictionary<string, double> scalars)
    {
        foreach (var (name, value) in scalars)
            checkpoint.Set($"{part}.{name}", value);
    }

    private static Dictionary<string, double> Scalars(CheckpointData checkpoint, string part) =>
        checkpoint.Values.Keys.Where(name => name.StartsWith(part + ".", StringComparison.Ordinal))
            .ToDictionary(name => name[(part.Length + 1)..], checkpoint.GetDouble);
}
