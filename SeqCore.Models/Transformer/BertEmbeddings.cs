namespace SeqCore.Models;

/// <summary>The sum of a vector for each token, one for its position and one for its segment, normalised.</summary>
internal sealed class BertEmbeddings : Module
{
    private readonly LearnedPositions positions;
    private readonly Embedding segments;
    private readonly LayerNorm norm;
    private readonly Dropout? dropout;

    internal BertEmbeddings(BertOptions options, RandomGenerator random)
    {
        Tokens = Register("word_embeddings", TransformerInitializer.Embedding(options.VocabularySize, options.ModelSize, random));
        positions = Register("position_embeddings", new LearnedPositions(options.MaximumLength, options.ModelSize, random));
        segments = Register("token_type_embeddings",
            TransformerInitializer.Embedding(options.SegmentCount, options.ModelSize, random));
        norm = Register("LayerNorm", new LayerNorm(options.ModelSize, options.Epsilon));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    internal Embedding Tokens { get; }

    /// <summary>Shapes (B, T) to (B, T, D). Without segments all tokens belong to segment 0.</summary>
    internal Variable Forward(IndexTensor tokens, IndexTensor? tokenSegments, TransformerPass pass)
    {
        var x = positions.Forward(Tokens.Forward(tokens));
        x += tokenSegments is null ? segments.Weight.Select(0, 0) : segments.Forward(tokenSegments);
        return pass.Drop(norm.Forward(Padding.Clear(x, pass.Options)), dropout);
    }
}
