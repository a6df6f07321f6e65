using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>One block of a <see cref="Gpt"/>, pre-norm: x' = x + attention(norm_1(x)), x'' = x' + feedForward(norm_2(x')).</summary>
internal sealed class GptBlock : Module
{
    private readonly LayerNorm firstNorm;
    private readonly LayerNorm secondNorm;
    private readonly GptFeedForward feedForward;

    internal GptBlock(GptOptions options, RotaryPositions? rotary, Tensor? slopes, RandomGenerator random)
    {
        firstNorm = Register("ln_1", new LayerNorm(options.ModelSize, bias: options.Bias));
        Attention = Register("attn", new CausalSelfAttention(options, rotary, slopes, random));
        secondNorm = Register("ln_2", new LayerNorm(options.ModelSize, bias: options.Bias));
        feedForward = Register("mlp", new GptFeedForward(options, random));
    }

    internal CausalSelfAttention Attention { get; }

    internal Variable Forward(Variable x, TransformerPass pass, int layer)
    {
        x += Attention.Forward(firstNorm.Forward(x), pass, layer);
        return x + feedForward.Forward(secondNorm.Forward(x), pass);
    }
}
