namespace SeqCore.Models;

/// <summary>The networks of a <see cref="NetworkForecaster"/>.</summary>
public enum ForecastNetworkKind
{
    /// <summary>Two lines, of trend and remainder (<see cref="SeqCore.Models.DLinear"/>).</summary>
    DLinear,

    /// <summary>A line on the differences from the last value (<see cref="SeqCore.Models.NLinear"/>).</summary>
    NLinear,

    /// <summary>One small line for all phases of a period (<see cref="SeqCore.Models.PeriodLinear"/>).</summary>
    PeriodLinear,
}
