namespace SeqCore.Models;

/// <summary>
/// What the layers of an encoder and of a decoder have in common: self-attention, the feed-forward part, norms and residual sums.
/// </summary>
public abstract class TransformerLayer : Module
{
    private readonly Linear first;
    private readonly Linear second;
    private readonly Dropout? dropout;

    private protected TransformerLayer(TransformerLayerOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        SelfAttention = Register("self_attn",
            new MultiHeadAttention(options.ModelSize, options.HeadCount, random, options.SelfAttention));
        first = Register("linear1", new Linear(options.ModelSize,
            FeedForward.FirstSize(options.FeedForwardSize, options.Activation), random, options.Bias));
        second = Register("linear2", new Linear(options.FeedForwardSize, options.ModelSize, random, options.Bias));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    /// <summary>Size and form.</summary>
    public TransformerLayerOptions Options { get; }

    /// <summary>Attention of the sequence to itself.</summary>
    public MultiHeadAttention SelfAttention { get; }

    private protected Variable FeedForwardPart(Variable x, TransformerPass pass) =>
        FeedForward.Run(x, first, second, Options.Activation, pass, dropout);

    /// <summary>x + f(norm(x)) or norm(x + f(x)), f followed by dropout.</summary>
    private protected ResidualStream Part(ResidualStream stream, NormLayer norm, TransformerPass pass, Func<Variable, Variable> f)
    {
        if (Options.NormFirst)
        {
            var (h, x) = stream.Norm(norm);
            return new ResidualStream(x, pass.Drop(f(h), dropout));
        }

        var sum = stream.Sum();
        return new ResidualStream(norm.Add(pass.Drop(f(sum), dropout), sum).Normalised);
    }
}
