namespace SeqCore.Models;

/// <summary>The network of a <see cref="NetworkForecaster"/>, its window, and how it is trained.</summary>
public sealed record NetworkForecasterOptions
{
    /// <summary>The network; <see cref="ForecastNetworkKind.NLinear"/> by default.</summary>
    public ForecastNetworkKind Network { get; init; } = ForecastNetworkKind.NLinear;

    /// <summary>The number of steps that the network reads, L, at least 1; 336 by default.</summary>
    public int LookBack { get; init; } = 336;

    /// <summary>
    /// The number of steps that the network forecasts at once, H, at least 1; 96 by default. Longer forecasts read shorter ones.
    /// </summary>
    public int Horizon { get; init; } = 96;

    /// <summary>The number of steps of a period, at least 2, for networks that need one; 24 by default.</summary>
    public int Period { get; init; } = 24;

    /// <summary>
    /// The number of hidden units of recurrent layers, or the width of convolutions or a Transformer, at least 1; 64 by default.
    /// </summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>
    /// The number of recurrent layers or Transformer blocks, at least 1; 2 by default. For convolutions, the smallest number of
    /// blocks: there are as many as it takes to read the whole look-back.
    /// </summary>
    public int Layers { get; init; } = 2;

    /// <summary>The number of heads of a Transformer, a divisor of <see cref="HiddenSize"/>; 4 by default.</summary>
    public int HeadCount { get; init; } = 4;

    /// <summary>The number of steps of a patch of a Transformer, at least 1; 16 by default.</summary>
    public int PatchLength { get; init; } = 16;

    /// <summary>The number of steps from one patch to the next, at least 1; 8 by default.</summary>
    public int PatchStride { get; init; } = 8;

    /// <summary>The probability of dropout, in [0, 1); 0 by default.</summary>
    public float Dropout { get; init; }

    /// <summary>How each channel is scaled, by the series for training; to mean 0 and standard deviation 1 by default.</summary>
    public ScalingKind Scaling { get; init; } = ScalingKind.Standard;

    /// <summary>How <see cref="Forecaster.Fit"/> trains the network.</summary>
    public ForecastTrainingOptions Training { get; init; } = new();

    /// <summary>The layers of recurrent networks.</summary>
    internal RecurrentLayerOptions RecurrentLayers => new() { Layers = Layers, Dropout = Layers > 1 ? Dropout : 0f };

    internal void Check(string owner)
    {
        Argument.Defined(Network, owner, nameof(Network));
        Argument.AtLeast(LookBack, owner, nameof(LookBack));
        Argument.AtLeast(Horizon, owner, nameof(Horizon));
        Argument.AtLeast(Period, owner, nameof(Period), 2);
        Argument.AtLeast(HiddenSize, owner, nameof(HiddenSize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Argument.AtLeast(HeadCount, owner, nameof(HeadCount));
        Argument.AtLeast(PatchLength, owner, nameof(PatchLength));
        Argument.AtLeast(PatchStride, owner, nameof(PatchStride));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Defined(Scaling, owner, nameof(Scaling));
        Argument.NotNull(Training).Check(owner);
    }
}
