using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The common options of <see cref="GptOptions"/> and <see cref="BertOptions"/>, models with one stack over tokens.
/// </summary>
public abstract record LanguageTransformerOptions : BlockOptions
{
    private protected LanguageTransformerOptions() =>
        (ModelSize, HeadCount, FeedForwardDropout, Activation) = (768, 12, 0f, FeedForwardActivation.Gelu);

    /// <summary>The number of different tokens, V, at least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The number of stacked blocks, at least 1; 12 by default.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>How the model represents the order of its tokens; <see cref="PositionKind.Learned"/> by default.</summary>
    public PositionKind Positions { get; init; } = PositionKind.Learned;

    /// <summary>The number of elements of each head that rotary positions rotate, R; 0 for all.</summary>
    public int RotarySize { get; init; }

    /// <summary>The base of rotary frequencies, 10,000 by default; a larger one suits longer contexts.</summary>
    public double RotaryBase { get; init; } = RotaryTable.DefaultBase;

    /// <summary>
    /// The factor of the position in rotary angles, not 0; see <see cref="RotaryPositions.PositionScale"/>. The default is 1.
    /// </summary>
    public double RotaryScale { get; init; } = 1;

    /// <summary>
    /// How rotary positions pair the elements of a head; <see cref="RotaryPairs.HalfSplit"/> by default. Weights trained with one
    /// pairing do not fit the other, although their shapes are equal: Llama's own files are
    /// <see cref="RotaryPairs.Interleaved"/>, those of Hugging Face <see cref="RotaryPairs.HalfSplit"/>.
    /// </summary>
    public RotaryPairs RotaryPairs { get; init; } = RotaryPairs.HalfSplit;

    /// <summary>The largest number of tokens in a sequence; null for no limit.</summary>
    internal abstract int? Limit { get; }

    /// <summary>The options of each block, without its rotary positions.</summary>
    internal virtual TransformerBlockOptions Block => new(this)
    {
        FeedForwardSize = FeedForwardSize == 0 ? FeedForward.DefaultSize(ModelSize) : FeedForwardSize,
        Alibi = Positions == PositionKind.Alibi,
        Deviation = NormalInitializer.StandardDeviation,
    };

    /// <summary>Makes the rotary positions; null if positions are represented in another way.</summary>
    internal RotaryPositions? NewRotary() => Positions == PositionKind.Rotary
        ? new RotaryPositions(ModelSize / HeadCount, RotarySize == 0 ? null : RotarySize, RotaryBase, RotaryScale, RotaryPairs)
        : null;

    internal TokenEmbedding NewEmbedding(Embedding table, PositionEncoding? positions, Dropout? dropout) =>
        new(table, positions, Positions == PositionKind.Sinusoidal ? MathF.Sqrt(ModelSize) : 1f, dropout);

    /// <summary>Makes the stack; blocks that normalise first need a final norm for the last sum.</summary>
    internal TransformerStack NewStack(RotaryPositions? rotary, RandomGenerator random) =>
        new(Layers, Block with { Rotary = rotary }, random, NormFirst ? null : FinalNormOptions.None);

    internal override void Check(string owner)
    {
        TokenEmbedding.Check(Positions, Limit, owner);
        Argument.Defined(RotaryPairs, owner, nameof(RotaryPairs));
        Argument.AtLeast(VocabularySize, owner, nameof(VocabularySize));
        Argument.AtLeast(Layers, owner, nameof(Layers));
        Block.Check(owner);
    }

    /// <summary>Checks the tokens that a model reads.</summary>
    internal void Check(IndexTensor tokens, string owner)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2 || tokens.Shape[1] > Limit)
        {
            throw ShapeException.Wrong(owner, nameof(tokens),
                Limit is { } most ? $"(B, T) with T at most {most}" : "(B, T)", tokens.Shape);
        }
    }
}
