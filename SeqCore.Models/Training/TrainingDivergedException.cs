namespace SeqCore.Models;

/// <summary>The exception for a loss or gradient that became NaN or infinite; the step was not taken.</summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    private const string Anomalies = "set DetectAnomalies to find the operation that caused it.";

    /// <summary>Makes the exception.</summary>
    /// <param name="what">What is not finite: the loss, or the gradient's norm.</param>
    /// <param name="value">Its value.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="weights">The name of a parameter that was not finite before the step; null if there is none.</param>
    /// <param name="batch">What is not finite in the batch; null if nothing is, or if it is not known.</param>
    internal TrainingDivergedException(string what, double value, long step, string? weights, string? batch)
        : base($"Training diverged: the {what} of step {step} is {value}. {Advice(step, weights, batch)}") =>
        Step = step;

    /// <summary>The number of the step that was not taken.</summary>
    public long Step { get; }

    private static string Advice(long step, string? weights, string? batch)
    {
        if (weights is not null)
        {
            return $"The parameter '{weights}' held NaN or infinity before it. Hint: "
                + (step == 1 ? "look where the initial weights come from." : "lower the learning rate.");
        }

        if (batch is not null)
            return $"The batch holds {batch}. Hint: remove it from the data or replace it; the learning rate is not the cause.";
        return step == 1
            ? "No weight has changed yet, so the learning rate is not the cause. Hint: look for NaN or infinity in the data, for"
                + $" a logarithm, a root or a quotient of 0 in the loss, or {Anomalies}"
            : "Hint: lower the learning rate, clip gradients to a smaller norm, look for NaN or infinity in the data, or"
                + $" {Anomalies}";
    }
}
