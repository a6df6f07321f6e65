using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>A pre-norm Transformer over vectors, with sinusoidal positions, which have no parameters to count.</summary>
internal sealed class TransformerCore : SequenceCore
{
    private readonly TransformerSettings settings;
    private readonly SinusoidalPositions? positions;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm norm;

    internal TransformerCore(TransformerSettings settings, RandomGenerator random)
    {
        this.settings = settings;
        positions = settings.Positions ? Register("positions", new SinusoidalPositions(settings.ModelSize)) : null;
        blocks = [.. Enumerable.Range(0, settings.Layers)
            .Select(i => Register($"block{i}", new TransformerBlock(settings, random)))];
        norm = Register("norm", new LayerNorm(settings.ModelSize));
    }

    /// <inheritdoc/>
    internal override int OutputSize => settings.ModelSize;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x) => Run(x, null);

    /// <inheritdoc/>
    internal override IReadOnlyList<Variable> LastWeights(Variable x)
    {
        var weights = new List<Variable>();
        Run(x, weights);
        return [.. weights.Select(w => w.Select(2, x.Shape[1] - 1))];
    }

    private Variable Run(Variable x, List<Variable>? weights)
    {
        if (positions is not null)
            x = positions.Forward(x);
        foreach (var block in blocks)
            x = block.Forward(x, weights);
        return norm.Forward(x);
    }
}

/// <summary>The size and variant of a <see cref="TransformerCore"/>.</summary>
/// <param name="ModelSize">D, the model size.</param>
/// <param name="Layers">The number of stacked blocks.</param>
/// <param name="Heads">N, a divisor of D.</param>
internal sealed record TransformerSettings(int ModelSize, int Layers, int Heads)
{
    /// <summary>
    /// Whether attention computes the whole T x T matrix of its weights, as in the definition, and not in tiles.
    /// </summary>
    internal bool WholeMatrix { get; init; }

    /// <summary>Sliding window: a step sees itself and the steps less than this far before it; 0 for all.</summary>
    internal int Window { get; init; }

    /// <summary>Whether a step sees only itself and those before it.</summary>
    internal bool Causal { get; init; } = true;

    /// <summary>Whether the position of each step is added to it, as sines and cosines.</summary>
    internal bool Positions { get; init; } = true;
}
