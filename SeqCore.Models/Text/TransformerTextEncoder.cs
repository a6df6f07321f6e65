namespace SeqCore.Models;

/// <summary>
/// Sinusoidal positions added to the embeddings, and Transformer blocks that normalise first, with a feed-forward part of 4 D
/// with GELU.
/// </summary>
internal sealed class TransformerTextEncoder : TextEncoder
{
    private readonly Linear? projection;
    private readonly SinusoidalPositions positions;
    private readonly TransformerStack stack;

    internal TransformerTextEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random, int featureSize)
        : base(vocabularySize, options, random, featureSize)
    {
        var size = options.HiddenSize;
        if (InputSize != size)
            projection = Register("projection", new Linear(InputSize, size, random));
        positions = Register("positions", new SinusoidalPositions(size));
        stack = Register("stack", new TransformerStack(options.Layers, new TransformerBlockOptions
        {
            ModelSize = size,
            HeadCount = options.HeadCount,
            FeedForwardSize = SizeLimitException.Product($"{Kind}: a feed-forward part of 4 D, D = {size}", 4, size),
            Activation = FeedForwardActivation.Gelu,
            NormFirst = true,
            Dropout = options.Dropout,
        }, random));
        OutputSize = size;
    }

    public override int OutputSize { get; }

    protected override Variable Encode(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        x = positions.Forward(projection?.Forward(x) ?? x);
        return stack.Forward(x, new AttentionOptions { KeyLengths = lengths });
    }
}
