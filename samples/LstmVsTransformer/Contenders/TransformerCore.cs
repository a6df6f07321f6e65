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
        var options = new TransformerBlockOptions
        {
            ModelSize = settings.ModelSize,
            HeadCount = settings.Heads,
            FeedForwardSize = 4 * settings.ModelSize,
            Activation = FeedForwardActivation.GeluTanh,
            Dropout = 0f,
            NormFirst = true,
            IsCausal = settings.Causal,
            Window = settings.Window,
            NewMixer = (block, random) => new ComparedAttention(block, settings.WholeMatrix, random),
        };
        blocks = [.. Enumerable.Range(0, settings.Layers)
            .Select(i => Register($"block{i}", new TransformerBlock(options, random)))];
        norm = Register("norm", new LayerNorm(settings.ModelSize));
    }

    /// <inheritdoc/>
    internal override int OutputSize => settings.ModelSize;

    /// <inheritdoc/>
    internal override Variable Forward(Variable x)
    {
        if (positions is not null)
            x = positions.Forward(x);
        foreach (var block in blocks)
            x = block.Forward(x);
        return norm.Forward(x);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<Variable> LastWeights(Variable x)
    {
        var weights = new List<Variable>();
        foreach (var block in blocks)
            ((ComparedAttention)block.Mixer).Weights = weights;
        try
        {
            Forward(x);
        }
        finally
        {
            foreach (var block in blocks)
                ((ComparedAttention)block.Mixer).Weights = null;
        }

        return [.. weights.Select(w => w.Select(2, x.Shape[1] - 1))];
    }

    /// <summary>Self-attention that can be made to compute its whole matrix, and to return it.</summary>
    private sealed class ComparedAttention : Module, ISequenceMixer
    {
        private readonly MultiHeadAttention attention;
        private readonly bool wholeMatrix;

        internal ComparedAttention(BlockOptions options, bool wholeMatrix, RandomGenerator random)
        {
            this.wholeMatrix = wholeMatrix;
            attention = Register("attention", new MultiHeadAttention(options.ModelSize, options.HeadCount, random));
        }

        /// <summary>The list that receives the weights of each pass, shape (B, N, T, T); null for none.</summary>
        internal List<Variable>? Weights { get; set; }

        public Variable Forward(Variable x, MixerPass pass)
        {
            var attended = attention.Forward(x, x, null, pass.Options, returnWeights: wholeMatrix || Weights is not null);
            Weights?.Add(attended.Weights!);
            return attended.Output;
        }
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
