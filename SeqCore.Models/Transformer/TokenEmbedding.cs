namespace SeqCore.Models;

/// <summary>Computes the vectors of tokens and of their positions, which the first layer of every Transformer reads.</summary>
/// <param name="table">The table of the tokens' vectors.</param>
/// <param name="positions">The positions that are added to the vectors; or null.</param>
/// <param name="scale">The factor of the tokens' vectors: sqrt(D) in Vaswani et al., arXiv:1706.03762, section 3.4.</param>
/// <param name="dropout">The dropout of the sum; or null.</param>
internal sealed class TokenEmbedding(Embedding table, PositionEncoding? positions, float scale, Dropout? dropout)
{
    /// <summary>Checks the requirements of a kind of positions.</summary>
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

    /// <summary>
    /// Makes the positions that are added to the vectors of tokens; null if positions are represented in another way.
    /// </summary>
    internal static PositionEncoding? NewPositions(PositionKind kind, int? maximumLength, int modelSize,
        RandomGenerator random) => kind switch
        {
            PositionKind.Learned => new LearnedPositions(maximumLength!.Value, modelSize, random),
            PositionKind.Sinusoidal => new SinusoidalPositions(modelSize),
            _ => null,
        };

    /// <summary>Computes the sum, shapes (B, T) to (B, T, D).</summary>
    internal Variable Sum(IndexTensor tokens, MixerPass? pass = null)
    {
        var x = table.Forward(tokens);
        if (scale != 1f)
            x *= scale;
        var first = pass?.Position ?? 0;
        return pass?.Positions is { } each
            ? positions?.Forward(x, each, first + tokens.Shape[1]) ?? x
            : positions?.Forward(x, first) ?? x;
    }

    /// <summary>Computes the sum after dropout, with padding cleared.</summary>
    internal Variable Forward(IndexTensor tokens, MixerPass pass) =>
        pass.Drop(Padding.Clear(Sum(tokens, pass), pass.Options), dropout);
}
