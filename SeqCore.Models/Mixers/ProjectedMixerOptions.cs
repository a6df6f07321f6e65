namespace SeqCore.Models;

/// <summary>The configuration of the projections of a <see cref="ProjectedMixer"/>.</summary>
public sealed record ProjectedMixerOptions
{
    /// <summary>Whether the projections have biases; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// The standard deviation s of the initial weights of queries, keys and values, N(0, s^2); null for PyTorch's initialisation
    /// of linear layers.
    /// </summary>
    public float? Deviation { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights of the output projection; null for PyTorch's initialisation.
    /// </summary>
    public float? OutputDeviation { get; init; }
}
