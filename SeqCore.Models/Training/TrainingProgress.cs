namespace SeqCore.Models;

/// <summary>The progress of a run: all of a trainer's own state that a checkpoint contains.</summary>
internal sealed class TrainingProgress
{
    /// <summary>Older checkpoints, and those of tasks that break no ties, have no such entry.</summary>
    private const string TieEntry = "evaluation.best_tie";

    /// <summary>The number of steps done.</summary>
    internal long Step { get; set; }

    /// <summary>The number of steps done at the last evaluation; -1 before the first.</summary>
    internal long EvaluatedAt { get; set; } = -1;

    /// <summary>The result of the last evaluation.</summary>
    internal double LastLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The best result of any evaluation; before the first, one that every other is better than.</summary>
    internal double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The number that decides between the best evaluation and an equal one; NaN if nothing does.</summary>
    internal double BestTie { get; set; } = double.NaN;

    /// <summary>The number of evaluations since the best one.</summary>
    internal long SinceBest { get; set; }

    /// <summary>The number of lines written to the metrics file.</summary>
    internal long MetricLines { get; set; }

    /// <summary>Makes the progress of a run that begins.</summary>
    internal static TrainingProgress Start(EvaluationGoal? goal) =>
        new() { BestLoss = Worst(goal) };

    /// <summary>Whether an evaluation was better than none; it may have been infinite.</summary>
    internal bool HasBest(EvaluationGoal? goal) => BestLoss != Worst(goal);

    internal void Save(CheckpointData checkpoint)
    {
        checkpoint.Step = Step;
        checkpoint.Set("evaluation.step", EvaluatedAt);
        checkpoint.Set("evaluation.loss", LastLoss);
        SaveBest(checkpoint);
        checkpoint.Set("evaluation.since_best", SinceBest);
        checkpoint.Set("metrics.lines", MetricLines);
    }

    internal void SaveBest(CheckpointData checkpoint)
    {
        checkpoint.Set("evaluation.best", BestLoss);
        if (double.IsNaN(BestTie))
            checkpoint.Values.Remove(TieEntry);
        else
            checkpoint.Set(TieEntry, BestTie);
    }

    /// <exception cref="CheckpointException">An entry is missing.</exception>
    internal static TrainingProgress Of(CheckpointData checkpoint) => new()
    {
        Step = checkpoint.Step,
        EvaluatedAt = checkpoint.GetInt64("evaluation.step"),
        LastLoss = checkpoint.GetDouble("evaluation.loss"),
        BestLoss = checkpoint.GetDouble("evaluation.best"),
        BestTie = checkpoint.Values.ContainsKey(TieEntry) ? checkpoint.GetDouble(TieEntry) : double.NaN,
        SinceBest = checkpoint.GetInt64("evaluation.since_best"),
        MetricLines = checkpoint.GetInt64("metrics.lines"),
    };

    private static double Worst(EvaluationGoal? goal) =>
        goal == EvaluationGoal.Maximize ? double.NegativeInfinity : double.PositiveInfinity;
}
