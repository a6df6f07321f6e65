namespace SeqCore.Models;

/// <summary>The season, the window and the training of a <see cref="SmoothingLstmForecaster"/>.</summary>
public sealed record SmoothingLstmOptions
{
    /// <summary>The number of steps of a season, m, at least 1; 12 by default; 1 for none.</summary>
    public int Season { get; init; } = 12;

    /// <summary>The number of steps that the LSTM reads at each step, L, at least 1; 12 by default.</summary>
    public int LookBack { get; init; } = 12;

    /// <summary>
    /// The number of steps that it forecasts at once, H, at least 1; 12 by default. Longer forecasts read shorter ones.
    /// </summary>
    public int Horizon { get; init; } = 12;

    /// <summary>The number of hidden units of the LSTM, at least 1; 32 by default.</summary>
    public int HiddenSize { get; init; } = 32;

    /// <summary>The number of layers of the LSTM, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// The weight of the penalty on levels that are not smooth: the mean square of the second differences of the logarithm of a
    /// level is added to the loss this many times; not negative, 50 by default.
    /// </summary>
    public float LevelPenalty { get; init; } = 50f;

    /// <summary>The largest number of passes over the series, at least 1; 200 by default.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>The number of series in a batch, at least 1; 32 by default.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The learning rate of Adam, above 0; 0.03 by default. It falls to a tenth over all epochs.</summary>
    public float LearningRate { get; init; } = 0.03f;

    /// <summary>
    /// The number of epochs without a better evaluation after which training stops, at least 1; 50 by default.
    /// </summary>
    public int Patience { get; init; } = 50;

    /// <summary>The seed of the order of the series; 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of values that a series needs.</summary>
    internal long ShortestSeries => Math.Max(2L * Season, LookBack + (2L * Horizon));

    internal void Check(string owner)
    {
        Argument.AtLeast(Season, owner, nameof(Season));
        Argument.AtLeast(LookBack, owner, nameof(LookBack));
        Argument.AtLeast(Horizon, owner, nameof(Horizon));
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.NotNegative(LevelPenalty, owner, nameof(LevelPenalty));
        Argument.AtLeast(Epochs, owner, nameof(Epochs));
        Argument.AtLeast(BatchSize, owner, nameof(BatchSize));
        Argument.Positive(LearningRate, owner, nameof(LearningRate));
        Argument.AtLeast(Patience, owner, nameof(Patience));
    }
}
