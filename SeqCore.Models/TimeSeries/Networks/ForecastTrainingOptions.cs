namespace SeqCore.Models;

/// <summary>
/// How <see cref="Forecaster.Fit"/> trains a network: with Adam on the mean squared error, or the pinball loss of quantiles, and
/// an evaluation after each epoch, or after a twentieth of all steps if that is longer; the best weights are kept.
/// </summary>
public sealed record ForecastTrainingOptions
{
    /// <summary>The largest number of passes over the windows, at least 1; 10 by default.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// The smallest number of steps that training is planned for, at least 1, since a short series has few windows and an epoch
    /// few steps; 300 by default.
    /// </summary>
    public int MinimumSteps { get; init; } = 300;

    /// <summary>The number of windows in a batch, at least 1; 32 by default.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// The learning rate, above 0; 0.001 by default. It falls along a cosine to a hundredth of it at the last step.
    /// </summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>
    /// The number of evaluations in a row without a better one after which training stops, at least 1; 5 by default.
    /// </summary>
    public int Patience { get; init; } = 5;

    /// <summary>
    /// The part of the series, its last steps, on which the network is evaluated and not trained, in (0, 1); 0.2 by default.
    /// </summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>The seed of the order of the windows; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check(string owner)
    {
        Argument.AtLeast(Epochs, owner, nameof(Epochs));
        Argument.AtLeast(MinimumSteps, owner, nameof(MinimumSteps));
        Argument.AtLeast(BatchSize, owner, nameof(BatchSize));
        Argument.Positive(LearningRate, owner, nameof(LearningRate));
        Argument.AtLeast(Patience, owner, nameof(Patience));
        Argument.OpenProbability(Validation, owner, nameof(Validation));
    }
}
