namespace SeqCore.Models;

/// <summary>The gradients of one step, before they are clipped.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Parameters">Every parameter of the model, in its order; a gradient is null if none arrived.</param>
public readonly record struct GradientsReady(long Step, IReadOnlyList<Parameter> Parameters);

/// <summary>
/// The effect of one step on each parameter, which shows where gradients vanish or explode, and where steps are too large or too
/// small.
/// </summary>
/// <param name="Step">The number of steps done so far, including this one.</param>
/// <param name="Parameters">The statistics of every parameter, in the model's order.</param>
public readonly record struct LayersLogged(long Step, IReadOnlyList<ParameterStatistics> Parameters);

/// <summary>The effect of one step on one parameter.</summary>
/// <param name="Name">The name of the parameter in the model.</param>
/// <param name="GradientNorm">
/// The norm |g| of the gradient, the square root of its sum of squares, before clipping; 0 if there is none.
/// </param>
/// <param name="WeightNorm">The norm |w| of the weights before the step.</param>
/// <param name="UpdateRatio">
/// The size of the step relative to the weights, |w' - w| / |w|; not finite if all weights were 0.
/// </param>
public readonly record struct ParameterStatistics(string Name, double GradientNorm, double WeightNorm, double UpdateRatio);

/// <summary>A completed evaluation.</summary>
/// <param name="Step">The number of steps done so far.</param>
/// <param name="Loss">
/// The mean loss over the validation data, or the number that the task's evaluation returns instead.
/// </param>
/// <param name="IsBest">
/// Whether it is better than all earlier evaluations; false if the run has no goal (see <see cref="TrainerOptions.Goal"/>).
/// </param>
public readonly record struct Evaluated(long Step, double Loss, bool IsBest);

/// <summary>A checkpoint that has been written.</summary>
/// <param name="Step">The number of steps done so far.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="IsBest">Whether it is the best checkpoint, which is kept separately and is not for resuming.</param>
public readonly record struct CheckpointSaved(long Step, string Path, bool IsBest);

/// <summary>The reasons why training ends.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>The evaluations stopped improving.</summary>
    StoppedEarly,

    /// <summary>The run was cancelled; a checkpoint was saved if there is a folder.</summary>
    Cancelled,
}

/// <summary>The result of a training run.</summary>
/// <param name="End">The reason why training ended.</param>
/// <param name="Step">The number of steps done, including those before a resumption.</param>
/// <param name="ValidationLoss">
/// The result of the last evaluation, a loss unless the task returns another number; null if there was none.
/// </param>
/// <param name="BestValidationLoss">
/// The best evaluation, the lowest or the highest, infinite or not; null if there was none, if the run has no goal (see
/// <see cref="TrainerOptions.Goal"/>), or if all were infinite in the other direction, so that none is the best.
/// </param>
public sealed record TrainingResult(TrainingEnd End, long Step, double? ValidationLoss, double? BestValidationLoss)
{
    /// <summary>
    /// The reason why the weights of the best evaluation could not be read from the folder, so that the model has those of its
    /// last step; null if they could, or were not requested.
    /// </summary>
    public string? BestReadError { get; init; }

    /// <summary>
    /// The evaluation of the averaged weights (see <see cref="TrainerOptions.AverageCheckpoints"/>); null if there was none.
    /// </summary>
    public double? AveragedLoss { get; init; }

    /// <summary>
    /// The reason why the checkpoints could not be averaged, so that the model has other weights; null if they could, or were not
    /// to be.
    /// </summary>
    public string? AverageReadError { get; init; }
}
