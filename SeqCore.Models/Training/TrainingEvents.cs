namespace SeqCore.Models;

/// <summary>One training step, done.</summary>
/// <param name="Step">Steps done so far, this one included.</param>
/// <param name="Loss">Mean over the step's batches, before the update.</param>
/// <param name="LearningRate">The rate of this step.</param>
/// <param name="GradientNorm">Global norm before clipping; null where nothing is clipped.</param>
/// <param name="TokensPerSecond">Of this step alone.</param>
public readonly record struct StepCompleted(long Step, double Loss, double LearningRate, double? GradientNorm, double TokensPerSecond);

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
public sealed record TrainingResult(TrainingEnd End, long Step, double? ValidationLoss, double? BestValidationLoss);
