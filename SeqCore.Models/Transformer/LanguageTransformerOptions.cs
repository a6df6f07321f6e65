using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>What <see cref="GptOptions"/> and <see cref="BertOptions"/> have in common: one stack over tokens.</summary>
public abstract record LanguageTransformerOptions : BlockOptions
{
    private protected LanguageTransformerOptions() =>
        (ModelSize, HeadCount, FeedForwardDropout, Activation) = (768, 12, 0f, FeedForwardActivation.Gelu);

    /// <summary>V, at least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Blocks one above the other, at least 1.</summary>
    public int Layers { get; init; } = 12;

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

    /// <summary>The most tokens of a sequence; null for no limit.</summary>
    internal abstract int? Limit { get; }

    /// <summary>The options of each block, but for its rotary positions.</summary>
    internal virtual TransformerBlockOptions Block => new(this)
    {
        FeedForwardSize = FeedForwardSize == 0 ? FeedForward.DefaultSize(ModelSize) : FeedForwardSize,
        Alibi = Positions == PositionKind.Alibi,
        Deviation = NormalInitializer.StandardDeviation,
    };

    /// <summary>Positions by turning heads; null where they are known in another way.</summary>
    internal RotaryPositions? NewRotary() => Positions == PositionKind.Rotary
        ? new RotaryPositions(ModelSize / HeadCount, RotarySize == 0 ? null : RotarySize, RotaryBase, RotaryScale, RotaryPairs)
        : null;

    internal TokenEmbedding NewEmbedding(Embedding table, PositionEncoding? positions, Dropout? dropout) =>
        new(table, positions, Positions == PositionKind.Sinusoidal ? MathF.Sqrt(ModelSize) : 1f, dropout);

    /// <summary>Blocks that normalise first leave the last sum to a norm at the end.</summary>
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

    /// <summary>Checks the tokens that a model is given.</summary>
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
