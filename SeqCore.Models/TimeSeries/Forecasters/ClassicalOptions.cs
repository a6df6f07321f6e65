namespace SeqCore.Models;

/// <summary>What a file holds of a classical forecaster: its options, and the states of its channels.</summary>
internal sealed record ClassicalOptions
{
    public int Season { get; init; } = 1;

    public Trend Trend { get; init; }

    public Seasonality Seasonality { get; init; }

    public ForecastFrame? Frame { get; init; }

    public IReadOnlyList<double[]> States { get; init; } = [];
}
