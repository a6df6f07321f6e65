using System.Globalization;

namespace SeqCore.Models;

/// <summary>Puts everything that decides the next step into a checkpoint, and takes it out again.</summary>
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

    /// <exception cref="CheckpointException">Something does not fit; the message lists it.</exception>
    internal static void Restore(CheckpointData checkpoint, TrainingTask task, Optimizer optimizer, LearningRateSchedule schedule)
    {
        try
        {
            task.Model.LoadStateDictionary(checkpoint.Part(ModelPart));
            optimizer.LoadStateDictionary(new OptimizerState(checkpoint.Part(Optimizer), Scalars(checkpoint, Optimizer)));
            schedule.LoadStateDictionary(Scalars(checkpoint, Schedule));
        }
        catch (StateDictionaryException misfit)
        {
            throw new CheckpointException($"{checkpoint.Source} does not fit this run: {misfit.Message}", misfit);
        }

        task.Restore(checkpoint);
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
