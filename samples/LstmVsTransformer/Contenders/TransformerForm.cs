namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>Size and form of a <see cref="TransformerCore"/>.</summary>
/// <param name="ModelSize">D</param>
/// <param name="Layers">Blocks one above the other.</param>
/// <param name="Heads">N, a divisor of D.</param>
internal sealed record TransformerForm(int ModelSize, int Layers, int Heads)
{
    /// <summary>
    /// Whether attention forms the whole T x T matrix of its weights, as its definition says, and not tiles of it.
    /// </summary>
    internal bool WholeMatrix { get; init; }

    /// <summary>Sliding window: a step sees itself and the steps less than this far before it; 0 for all.</summary>
    internal int Window { get; init; }

    /// <summary>Whether a step sees only itself and those before it.</summary>
    internal bool Causal { get; init; } = true;

    /// <summary>Whether the position of each step is added to it, as sines and cosines.</summary>
    internal bool Positions { get; init; } = true;
}
