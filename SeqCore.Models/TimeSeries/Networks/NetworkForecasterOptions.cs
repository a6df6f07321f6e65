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

    /// <summary>How each channel is scaled, by the series for training; to mean 0 and standard deviation 1 by default.</summary>
    public ScalingKind Scaling { get; init; } = ScalingKind.Standard;

    /// <summary>How <see cref="Forecaster.Fit"/> trains the network.</summary>
    public ForecastTrainingOptions Training { get; init; } = new();

    internal void Check(string owner)
    {
        Argument.Defined(Network, owner, nameof(Network));
        Argument.AtLeast(LookBack, owner, nameof(LookBack));
        Argument.AtLeast(Horizon, owner, nameof(Horizon));
        Argument.AtLeast(Period, owner, nameof(Period), 2);
        Argument.Defined(Scaling, owner, nameof(Scaling));
        Argument.NotNull(Training).Check(owner);
    }
}
