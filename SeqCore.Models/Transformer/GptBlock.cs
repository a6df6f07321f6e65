namespace SeqCore.Models;

/// <summary>
/// One block of a <see cref="Gpt"/>, pre-norm: x' = x + attention(norm_1(x)), x'' = x' + feedForward(norm_2(x')).
/// </summary>
internal sealed class GptBlock : Module
{
    private readonly NormLayer firstNorm;
    private readonly NormLayer secondNorm;
    private readonly GptFeedForward feedForward;

    internal GptBlock(GptOptions options, RotaryPositions? rotary, ConstantTensor? slopes, RandomGenerator random)
    {
        firstNorm = Register("ln_1", options.NewNorm());
        Attention = Register("attn", new CausalSelfAttention(options, rotary, slopes, random));
        secondNorm = Register("ln_2", options.NewNorm());
        feedForward = Register("mlp", new GptFeedForward(options, random));
    }

    internal CausalSelfAttention Attention { get; }

    internal ResidualStream Forward(ResidualStream stream, TransformerPass pass, int layer)
    {
        var (h, x) = stream.Norm(firstNorm);
        (h, x) = new ResidualStream(x, Attention.Forward(h, pass, layer)).Norm(secondNorm);
        return new ResidualStream(x, feedForward.Forward(h, pass));
    }
}
