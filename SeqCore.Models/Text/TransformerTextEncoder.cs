namespace SeqCore.Models;

/// <summary>
/// Embeddings with sinusoidal positions and Transformer blocks that normalise first, with a feed-forward part of 4 D with GELU.
/// </summary>
internal sealed class TransformerTextEncoder : TextEncoder
{
    private readonly EmbeddingEncoder embedding;
    private readonly Linear? projection;
    private readonly SinusoidalPositions positions;
    private readonly TransformerStack stack;

    internal TransformerTextEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random)
    {
        var size = options.HiddenSize;
        embedding = Register("embedding", new EmbeddingEncoder(vocabularySize, options, random));
        if (options.EmbeddingSize != size)
            projection = Register("projection", new Linear(options.EmbeddingSize, size, random));
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

    protected override Variable Encode(IndexTensor tokens, IndexTensor? lengths)
    {
        var x = embedding.Forward(tokens);
        x = positions.Forward(projection?.Forward(x) ?? x);
        return stack.Forward(x, new AttentionOptions { KeyLengths = lengths });
    }
}
