using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>
/// x' = x + attention(norm(x)), x'' = x' + W2 gelu(W1 norm(x')), with 4 D units between W1 and W2. Made of the library's parts
/// here, since the study has to choose between the tiled attention and the one that forms its whole matrix.
/// </summary>
internal sealed class TransformerBlock : Module
{
    private readonly TransformerForm form;
    private readonly AttentionOptions seen;
    private readonly MultiHeadAttention attention;
    private readonly LayerNorm firstNorm, secondNorm;
    private readonly Linear wide, narrow;

    internal TransformerBlock(TransformerForm form, RandomGenerator random)
    {
        this.form = form;
        seen = new AttentionOptions { IsCausal = form.Causal, Window = form.Window };
        firstNorm = Register("norm1", new LayerNorm(form.ModelSize));
        attention = Register("attention", new MultiHeadAttention(form.ModelSize, form.Heads, random));
        secondNorm = Register("norm2", new LayerNorm(form.ModelSize));
        wide = Register("linear1", new Linear(form.ModelSize, 4 * form.ModelSize, random));
        narrow = Register("linear2", new Linear(4 * form.ModelSize, form.ModelSize, random));
    }

    /// <summary>One block. Shapes (B, T, D) to (B, T, D).</summary>
    /// <param name="x">What is read.</param>
    /// <param name="weights">Where to put the weights, shape (B, N, T, T); null if nobody asked.</param>
    internal Variable Forward(Variable x, List<Variable>? weights)
    {
        var read = firstNorm.Forward(x);
        var attended = attention.Forward(read, read, null, seen, returnWeights: weights is not null || form.WholeMatrix);
        weights?.Add(attended.Weights!);
        x += attended.Output;
        return x + narrow.Forward(wide.Forward(secondNorm.Forward(x)).GeluTanh());
    }
}
