namespace SeqCore.Models;

/// <summary>Embeddings and recurrent layers over them.</summary>
internal sealed class RecurrentTextEncoder : TextEncoder
{
    private readonly EmbeddingEncoder embedding;
    private readonly RecurrentLayer recurrent;

    internal RecurrentTextEncoder(RecurrentKind kind, int vocabularySize, TextEncoderOptions options, RandomGenerator random)
    {
        embedding = Register("embedding", new EmbeddingEncoder(vocabularySize, options, random));
        var layer = new RecurrentLayerOptions
        {
            Layers = options.Layers,
            Bidirectional = options.Bidirectional,
            Dropout = options.Layers > 1 ? options.Dropout : 0f,
        };
        recurrent = Register(kind.Name(), kind.NewLayer(options.EmbeddingSize, options.HiddenSize, random, layer));
    }

    public override int OutputSize => recurrent.OutputSize;

    protected override Variable Encode(IndexTensor tokens, IndexTensor? lengths) =>
        recurrent.Forward(embedding.Forward(tokens), state: null, lengths).Output;
}
