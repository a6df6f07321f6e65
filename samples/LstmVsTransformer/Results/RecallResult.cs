namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>How models learned tasks whose answer stands far back.</summary>
/// <param name="Settings">The same for all runs.</param>
/// <param name="Runs">Every model, task, length, learning rate and seed.</param>
internal sealed record RecallResult(LearningSettings Settings, IReadOnlyList<TrainingRun> Runs);

/// <summary>The hyperparameters that all runs share.</summary>
/// <param name="Batch">New sequences in each step.</param>
/// <param name="LearningRates">Of Adam; the better one of each model at each task and length counts.</param>
/// <param name="Clip">Global norm of the gradients.</param>
/// <param name="Every">Steps averaged for one point.</param>
/// <param name="Learned">Accuracy from which a task counts as learned.</param>
/// <param name="Seeds">Runs of each model.</param>
internal sealed record LearningSettings(int Batch, IReadOnlyList<float> LearningRates, float Clip, int Every,
    double Learned, int Seeds);

/// <summary>One training.</summary>
/// <param name="Group">The experiment's kind.</param>
/// <param name="Task">What was to be learned.</param>
/// <param name="Length">T</param>
/// <param name="Model">Who learned.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="Seed">0, 1, 2, ...</param>
/// <param name="Cap">Steps after which it gave up.</param>
/// <param name="Chance">Accuracy of guessing.</param>
/// <param name="LearnedAt">Steps it took; null if it gave up.</param>
/// <param name="Seconds">How long it took, other runs beside it.</param>
/// <param name="Points">Means over the last steps.</param>
/// <param name="AttentionShare">
/// After training: attention of the last step on the answer's place, in the head that looks there most; null without attention.
/// </param>
/// <param name="GradientShare">
/// After training: the answer's place among the norms of the gradient to all inputs; null where it was not learned.
/// </param>
internal sealed record TrainingRun(
    string Group, string Task, int Length, string Model, long Parameters, float LearningRate, int Seed, int Cap, double Chance,
    int? LearnedAt, double Seconds, IReadOnlyList<LearningPoint> Points, double? AttentionShare, double? GradientShare)
{
    /// <summary>Steps it took; infinite if it gave up.</summary>
    internal double Steps => LearnedAt ?? double.PositiveInfinity;

    /// <summary>Accuracy at the end.</summary>
    internal double Accuracy => Points.Count == 0 ? 0 : Points[^1].Accuracy;
}

/// <summary>Loss and accuracy of the sequences of some steps, each seen for the first time.</summary>
internal readonly record struct LearningPoint(int Step, double Loss, double Accuracy);
