namespace SeqCore.Models;

/// <summary>The vectors of tokens and of their positions: what the first layer of every Transformer reads.</summary>
/// <param name="table">The vectors of tokens.</param>
/// <param name="positions">What is added to them; or null.</param>
/// <param name="scale">Factor of the tokens' vectors: sqrt(D) in Vaswani et al., arXiv:1706.03762, section 3.4.</param>
/// <param name="dropout">What acts on the sum; or null.</param>
internal sealed class TokenEmbedding(Embedding table, PositionEncoding? positions, float scale, Dropout? dropout)
{
    /// <summary>Checks what kinds of positions need.</summary>
    internal static void Check(PositionKind positions, int? maximumLength, string owner)
    {
        Argument.Defined(positions, owner, "Positions");
        if (maximumLength is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(maximumLength), maximumLength,
                $"{owner}: MaximumLength should be at least 1, or null for no limit.");
        }

        if (positions == PositionKind.Learned && maximumLength is null)
        {
            throw new ArgumentException($"{owner}: learned positions need a MaximumLength, the number of positions in their"
                + " table.", nameof(maximumLength));
        }
    }

    /// <summary>What is added to the vectors of tokens; null where positions are known in another way.</summary>
    internal static PositionEncoding? NewPositions(PositionKind kind, int? maximumLength, int modelSize,
        RandomGenerator random) => kind switch
        {
            PositionKind.Learned => new LearnedPositions(maximumLength!.Value, modelSize, random),
            PositionKind.Sinusoidal => new SinusoidalPositions(modelSize),
            _ => null,
        };

    /// <summary>The sum, shapes (B, T) to (B, T, D).</summary>
    internal Variable Sum(IndexTensor tokens, int position = 0)
    {
        var x = table.Forward(tokens);
        if (scale != 1f)
            x *= scale;
        return positions?.Forward(x, position) ?? x;
    }

    /// <summary>The sum without what may stand in the place of padding, after dropout.</summary>
    internal Variable Forward(IndexTensor tokens, MixerPass pass) =>
        pass.Drop(Padding.Clear(Sum(tokens, pass.Position), pass.Options), dropout);
}
