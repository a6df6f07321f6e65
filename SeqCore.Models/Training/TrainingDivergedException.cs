namespace SeqCore.Models;

/// <summary>A loss or gradient became NaN or infinite; the step was not taken.</summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    internal TrainingDivergedException(string what, double value, long step)
        : base($"Training diverged: the {what} of step {step} is {value}. Hint: lower the learning rate, clip gradients to a"
            + " smaller norm," + " or set DetectAnomalies to learn which operation made it first.") =>
        Step = step;

    /// <summary>The step that was not taken.</summary>
    public long Step { get; }
}
