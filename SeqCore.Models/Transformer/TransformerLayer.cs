using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>What the layers of an encoder and of a decoder have in common: the feed-forward part, norms and residual sums.</summary>
public abstract class TransformerLayer : Module
{
    private readonly Linear first;
    private readonly Linear second;
    private readonly Dropout? dropout;

    private protected TransformerLayer(TransformerLayerOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FeedForwardSize, 1);
        Options = options;
        SelfAttention = Register("self_attn", new MultiHeadAttention(options.ModelSize, options.HeadCount, random, options.Attention));
        first = Register("linear1", new Linear(options.ModelSize, options.FeedForwardSize, random, options.Bias));
        second = Register("linear2", new Linear(options.FeedForwardSize, options.ModelSize, random, options.Bias));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    /// <summary>Size and form.</summary>
    public TransformerLayerOptions Options { get; }

    /// <summary>Attention of the sequence to itself.</summary>
    public MultiHeadAttention SelfAttention { get; }

    private protected LayerNorm NewNorm() => new(Options.ModelSize, Options.Epsilon, Options.Bias);

    private protected Variable FeedForwardPart(Variable x, TransformerPass pass) =>
        FeedForward.Run(x, first, second, Options.Activation, pass, dropout);

    /// <summary>x + f(norm(x)) or norm(x + f(x)), f followed by dropout.</summary>
    private protected Variable Residual(Variable x, Layer norm, TransformerPass pass, Func<Variable, Variable> part) => Options.NormFirst
        ? x + pass.Drop(part(norm.Forward(x)), dropout)
        : norm.Forward(x + pass.Drop(part(x), dropout));
}
