using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>
/// x' = x + attention(norm(x)), x'' = x' + W2 gelu(W1 norm(x')), with 4 D units between W1 and W2. It is made of the
/// library's parts, since the study compares tiled attention with one that computes its whole matrix.
/// </summary>
internal sealed class TransformerBlock : Module
{
    private readonly TransformerSettings settings;
    private readonly AttentionOptions seen;
    private readonly MultiHeadAttention attention;
    private readonly LayerNorm firstNorm, secondNorm;
    private readonly Linear wide, narrow;

    internal TransformerBlock(TransformerSettings settings, RandomGenerator random)
    {
        this.settings = settings;
        seen = new AttentionOptions { IsCausal = settings.Causal, Window = settings.Window };
        firstNorm = Register("norm1", new LayerNorm(settings.ModelSize));
        attention = Register("attention", new MultiHeadAttention(settings.ModelSize, settings.Heads, random));
        secondNorm = Register("norm2", new LayerNorm(settings.ModelSize));
        wide = Register("linear1", new Linear(settings.ModelSize, 4 * settings.ModelSize, random));
        narrow = Register("linear2", new Linear(4 * settings.ModelSize, settings.ModelSize, random));
    }

    /// <summary>Runs the block. Shapes (B, T, D) to (B, T, D).</summary>
    /// <param name="x">The input.</param>
    /// <param name="weights">Receives the weights, shape (B, N, T, T); null for none.</param>
    internal Variable Forward(Variable x, List<Variable>? weights)
    {
        var read = firstNorm.Forward(x);
        var attended = attention.Forward(read, read, null, seen, returnWeights: weights is not null || settings.WholeMatrix);
        weights?.Add(attended.Weights!);
        x += attended.Output;
        return x + narrow.Forward(wide.Forward(secondNorm.Forward(x)).GeluTanh());
    }
}
