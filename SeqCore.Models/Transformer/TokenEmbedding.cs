namespace SeqCore.Models;

/// <summary>
/// The vectors of tokens, multiplied by sqrt(D) (Vaswani et al., arXiv:1706.03762, section 3.4), and of their positions.
/// </summary>
internal sealed class TokenEmbedding(Embedding table, PositionEncoding? positions, Dropout? dropout)
{
    /// <summary>A table of N(0, 1/D), so that its vectors times sqrt(D) are as wide as those of positions.</summary>
    internal static Embedding Table(int vocabularySize, int modelSize, RandomGenerator random)
    {
        var table = new Embedding(vocabularySize, modelSize, random);
        Initializer.Normal(table.Weight.Value, 0f, 1f / MathF.Sqrt(modelSize), random);
        return table;
    }

    /// <summary>Shapes (B, T) to (B, T, D).</summary>
    internal Variable Forward(IndexTensor tokens, TransformerPass pass)
    {
        var x = table.Forward(tokens) * MathF.Sqrt(table.Weight.Shape[1]);
        return pass.Drop(Padding.Clear(positions?.Forward(x, pass.Position) ?? x, pass.Options), dropout);
    }
}
