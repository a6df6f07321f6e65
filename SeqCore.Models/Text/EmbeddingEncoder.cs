namespace SeqCore.Models;

/// <summary>The embeddings of the tokens and dropout, which all encoders begin with.</summary>
internal sealed class EmbeddingEncoder : TextEncoder
{
    private readonly Embedding table;
    private readonly Dropout? dropout;

    internal EmbeddingEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random)
    {
        table = Register("table", new Embedding(vocabularySize, options.EmbeddingSize, random));
        dropout = options.Dropout > 0f ? Register("dropout", new Dropout(options.Dropout, random)) : null;
    }

    public override int OutputSize => table.Weight.Shape[1];

    protected override Variable Encode(IndexTensor tokens, IndexTensor? lengths)
    {
        var x = table.Forward(tokens);
        return dropout?.Forward(x) ?? x;
    }
}
