using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A small masked language model that is no Transformer: an LSTM that reads both ways.</summary>
internal sealed class BothWays : MaskedLanguageModel
{
    private readonly Embedding embedding;
    private readonly Lstm lstm;
    private readonly Linear head;
    private readonly Dropout dropout;

    internal BothWays(int vocabularySize, RandomGenerator random, float dropout = 0f)
    {
        embedding = Register("embedding", new Embedding(vocabularySize, 12, random));
        lstm = Register("lstm", new Lstm(12, 16, random, new RecurrentLayerOptions { Bidirectional = true }));
        head = Register("head", new Linear(32, vocabularySize, random));
        this.dropout = Register("dropout", new Dropout(dropout, random));
    }

    public override int VocabularySize => head.Weight.Shape[0];

    public override int? MaximumLength => 64;

    public override Variable Encode(IndexTensor tokens, IndexTensor? lengths = null) =>
        dropout.Forward(lstm.Forward(embedding.Forward(tokens)).Output);

    public override Variable PredictTokens(Variable hidden) => head.Forward(hidden);
}
