namespace SeqCore.Models;

/// <summary>The exception for a loss or gradient that became NaN or infinite; the step was not taken.</summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    internal TrainingDivergedException(string what, double value, long step)
        : base($"Training diverged: the {what} of step {step} is {value}. Hint: lower the learning rate, clip gradients to a"
            + " smaller norm," + " or set DetectAnomalies to find the operation that caused it.") =>
        Step = step;

    /// <summary>The number of the step that was not taken.</summary>
    public long Step { get; }
}
