namespace SeqCore.Models;

/// <summary>
/// How <see cref="AnomalyDetector.Fit"/> trains the network of a detector: with Adam on the mean squared error of windows of the
/// normal data, and an evaluation on the held-out part after each epoch, whose best weights are kept.
/// </summary>
public sealed record DetectorTrainingOptions
{
    /// <summary>The largest number of passes over the windows, at least 1; 40 by default.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>The number of windows in a batch, at least 1; 16 by default.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The learning rate, above 0; 0.005 by default.</summary>
    public float LearningRate { get; init; } = 0.005f;

    /// <summary>
    /// The number of epochs without a better evaluation after which training stops, at least 1; 8 by default.
    /// </summary>
    public int Patience { get; init; } = 8;

    /// <summary>The seed of the order of the windows; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check(string owner)
    {
        Argument.AtLeast(Epochs, owner, nameof(Epochs));
        Argument.AtLeast(BatchSize, owner, nameof(BatchSize));
        Argument.Positive(LearningRate, owner, nameof(LearningRate));
        Argument.AtLeast(Patience, owner, nameof(Patience));
    }
}
