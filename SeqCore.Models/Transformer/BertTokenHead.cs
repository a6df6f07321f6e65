namespace SeqCore.Models;

/// <summary>
/// Predicts tokens from hidden vectors: a linear layer, the activation, a norm, and a linear layer whose weight is the table of
/// tokens.
/// </summary>
internal sealed class BertTokenHead : Module
{
    private readonly Linear dense;
    private readonly NormLayer norm;
    private readonly Linear decoder;
    private readonly FeedForwardActivation activation;

    internal BertTokenHead(BertOptions options, Embedding tokens, RandomGenerator random)
    {
        activation = options.Activation;
        dense = Register("dense", NormalInitializer.Linear(options.ModelSize, options.ModelSize, random));
        norm = Register("norm", new LayerNorm(options.ModelSize, options.Epsilon));
        decoder = Register("decoder", new Linear(tokens.Weight));

        // Published BERTs have the bias under one of these names.
        Register("bias", decoder.Bias!);
    }

    internal Variable Forward(Variable hidden) =>
        decoder.Forward(norm.Forward(FeedForward.Activate(dense.Forward(hidden), activation)));
}
