namespace SeqCore.Models;

/// <summary>The gradients of one step, before they are clipped.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Parameters">Every parameter of the model, in its order; a gradient is null where none arrived.</param>
public readonly record struct GradientsReady(long Step, IReadOnlyList<Parameter> Parameters);

/// <summary>
/// What one step did to each parameter: where gradients vanish or explode, and where steps are too large or too small.
/// </summary>
/// <param name="Step">Steps done so far, this one included.</param>
/// <param name="Parameters">Every parameter, in the model's order.</param>
public readonly record struct LayersLogged(long Step, IReadOnlyList<ParameterStatistics> Parameters);

/// <summary>What one step did to one parameter.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="GradientNorm">|g|, the root of the sum of squares of its gradient, before clipping; 0 where it has none.</param>
/// <param name="WeightNorm">|w|, the same of its weights before the step.</param>
/// <param name="UpdateRatio">
/// |w' - w| / |w|, the size of the step beside the weights; not finite where all weights were 0.
/// </param>
public readonly record struct ParameterStatistics(string Name, double GradientNorm, double WeightNorm, double UpdateRatio);

/// <summary>One evaluation, done.</summary>
/// <param name="Step">Steps done so far.</param>
/// <param name="Loss">Mean over the validation data.</param>
/// <param name="IsBest">Whether no evaluation before had a lower loss.</param>
public readonly record struct Evaluated(long Step, double Loss, bool IsBest);

/// <summary>A checkpoint, written.</summary>
/// <param name="Step">Steps done so far.</param>
/// <param name="Path">Of the file.</param>
/// <param name="IsBest">Whether it is the best one, kept apart, and not one to resume from.</param>
public readonly record struct CheckpointSaved(long Step, string Path, bool IsBest);

/// <summary>Why training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>The validation loss did not get better any more.</summary>
    StoppedEarly,

    /// <summary>It was cancelled; a checkpoint was saved where there is a folder.</summary>
    Cancelled,
}

/// <summary>How training ended.</summary>
/// <param name="End">Why.</param>
/// <param name="Step">Steps done, those before a resumption included.</param>
/// <param name="ValidationLoss">Of the last evaluation; null if there was none.</param>
/// <param name="BestValidationLoss">The lowest; null if there was none.</param>
public sealed record TrainingResult(TrainingEnd End, long Step, double? ValidationLoss, double? BestValidationLoss)
{
    /// <summary>
    /// Why the weights of the best evaluation could not be read back from the folder, so that the model has those of its last
    /// step; null where they could, or were not asked for.
    /// </summary>
    public string? BestUnread { get; init; }
}
