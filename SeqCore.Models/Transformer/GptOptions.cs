using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>Size and form of a <see cref="Gpt"/>; the defaults are GPT-2's smallest.</summary>
public sealed record GptOptions
{
    /// <summary>V, at least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>
    /// The most tokens that the model can look back on; null for no limit, which learned positions cannot have.
    /// </summary>
    public int? MaximumLength { get; init; } = 1024;

    /// <summary>Blocks one above the other, at least 1.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>N, at least 1, a divisor of D.</summary>
    public int HeadCount { get; init; } = 12;

    /// <summary>M, heads of keys and values, a divisor of N (Ainslie et al., "GQA", arXiv:2305.13245); 0 for N.</summary>
    public int KeyHeadCount { get; init; }

    /// <summary>D, at least 1.</summary>
    public int ModelSize { get; init; } = 768;

    /// <summary>F, width of the feed-forward parts; 0 for 4 D.</summary>
    public int FeedForwardSize { get; init; }

    /// <summary>Of the feed-forward parts.</summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Gelu;

    /// <summary>Which norms.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Added to the variance in the norms, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>How the model knows the order of its tokens.</summary>
    public PositionKind Positions { get; init; } = PositionKind.Learned;

    /// <summary>R, how many elements of each head rotary positions turn; 0 for all.</summary>
    public int RotarySize { get; init; }

    /// <summary>The base of rotary frequencies; a larger one suits longer contexts.</summary>
    public double RotaryBase { get; init; } = RotaryTable.PaperBase;

    /// <summary>
    /// Factor of the position in rotary angles, not 0; see <see cref="RotaryPositions.PositionScale"/>. The default is 1.
    /// </summary>
    public double RotaryScale { get; init; } = 1;

    /// <summary>
    /// How rotary positions pair the elements of a head. Weights trained with one do not fit the other, and no shape tells them
    /// apart: Llama's own files are <see cref="RotaryPairs.Interleaved"/>, those of Hugging Face
    /// <see cref="RotaryPairs.HalfSplit"/>.
    /// </summary>
    public RotaryPairs RotaryPairs { get; init; } = RotaryPairs.HalfSplit;

    /// <summary>Sliding window: a token sees itself and the tokens less than this far before it; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>
    /// Probability of dropout after the embedding, of attention weights and after each part of a block, in [0, 1).
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>Whether linear layers and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether the head's weight is the embedding's table (Press and Wolf, arXiv:1608.05859).</summary>
    public bool TieWeights { get; init; } = true;

    internal int FeedForward => FeedForwardSize == 0 ? Models.FeedForward.DefaultSize(ModelSize) : FeedForwardSize;

    /// <summary>Of the layers that write into the residual stream, 2 L of them, so that their sum stays as wide as one.</summary>
    internal float ResidualDeviation => TransformerInitializer.StandardDeviation / MathF.Sqrt(2f * Layers);

    internal NormLayer NewNorm() => Norms.New(Norm, ModelSize, Epsilon, Bias);

    internal void Check(string owner)
    {
        Known.Check(Positions, owner, nameof(Positions));
        Known.Check(Activation, owner, nameof(Activation));
        Known.Check(Norm, owner, nameof(Norm));
        Known.Check(RotaryPairs, owner, nameof(RotaryPairs));
        Size.Check(VocabularySize, owner, nameof(VocabularySize));
        Size.Check(Layers, owner, nameof(Layers));
        Size.Check(HeadCount, owner, nameof(HeadCount));
        Size.Check(KeyHeadCount, owner, nameof(KeyHeadCount), 0);
        Size.Check(ModelSize, owner, nameof(ModelSize));
        Size.Check(MaximumLength ?? 1, owner, nameof(MaximumLength));
        Size.Check(FeedForward, owner, nameof(FeedForwardSize));
        if (Window < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Window), Window,
                $"{owner}: {nameof(Window)} should be at least 1, or 0 for none.");
        }

        if (Positions == PositionKind.Learned && MaximumLength is null)
        {
            throw new ArgumentException($"{owner}: learned positions need a {nameof(MaximumLength)},"
                + " the number of positions in their table.", nameof(MaximumLength));
        }

        Share.Check(Dropout, owner, nameof(Dropout));
    }
}
