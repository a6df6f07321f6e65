namespace SeqCore.Models;

/// <summary>
/// How <see cref="SeriesClassifier.Fit"/> trains: with Adam, at a learning rate that falls along half a cosine to 0.
/// </summary>
public sealed record SeriesTrainingOptions
{
    /// <summary>The number of passes over the series, at least 1; 60 by default.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>The number of series in a batch, at least 1; 16 by default.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The first learning rate, above 0; 0.005 by default.</summary>
    public float LearningRate { get; init; } = 0.005f;

    /// <summary>
    /// The part of the series, of each label alike, on which the classifier is evaluated after each epoch instead of trained; the
    /// weights with the lowest loss there are kept. In [0, 1); 0, the default, trains on all series and keeps the last weights.
    /// </summary>
    public double Validation { get; init; }

    /// <summary>The seed of the order of the series; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check(string owner)
    {
        Argument.AtLeast(Epochs, owner, nameof(Epochs));
        Argument.AtLeast(BatchSize, owner, nameof(BatchSize));
        Argument.Positive(LearningRate, owner, nameof(LearningRate));
        if (!(Validation >= 0 && Validation < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Validation), Validation,
                $"{owner}: {nameof(Validation)} should be in [0, 1).");
        }
    }
}
