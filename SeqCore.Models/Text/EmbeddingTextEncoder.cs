namespace SeqCore.Models;

/// <summary>The embeddings alone.</summary>
internal sealed class EmbeddingTextEncoder(int vocabularySize, TextEncoderOptions options, RandomGenerator random,
    int featureSize) : TextEncoder(vocabularySize, options, random, featureSize)
{
    public override int OutputSize => InputSize;

    protected override Variable Encode(Variable x, IndexTensor? lengths) => x;
}
