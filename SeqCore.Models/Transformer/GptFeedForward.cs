namespace SeqCore.Models;

/// <summary>The feed-forward part of a <see cref="GptBlock"/>: c_fc, the activation, c_proj.</summary>
internal sealed class GptFeedForward : Module
{
    private readonly FeedForwardActivation activation;
    private readonly Linear first;
    private readonly Linear second;
    private readonly Dropout? dropout;

    internal GptFeedForward(GptOptions options, RandomGenerator random)
    {
        activation = options.Activation;
        first = Register("c_fc", TransformerInitializer.Linear(options.ModelSize,
            FeedForward.FirstSize(options.FeedForward, activation), random, options.Bias));
        second = Register("c_proj", TransformerInitializer.Linear(options.FeedForward, options.ModelSize, random, options.Bias,
            options.ResidualDeviation));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    internal Variable Forward(Variable x, TransformerPass pass) =>
        pass.Drop(FeedForward.Run(x, first, second, activation, pass), dropout);
}
