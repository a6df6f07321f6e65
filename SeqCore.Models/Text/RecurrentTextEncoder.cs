namespace SeqCore.Models;

/// <summary>Recurrent layers over the embeddings.</summary>
internal sealed class RecurrentTextEncoder : TextEncoder
{
    private readonly RecurrentLayer recurrent;

    internal RecurrentTextEncoder(RecurrentKind kind, int vocabularySize, TextEncoderOptions options, RandomGenerator random,
        int featureSize) : base(vocabularySize, options, random, featureSize)
    {
        var layer = new RecurrentLayerOptions
        {
            Layers = options.Layers,
            Bidirectional = options.Bidirectional,
            Dropout = options.Layers > 1 ? options.Dropout : 0f,
        };
        recurrent = Register(kind.Name(), kind.NewLayer(InputSize, options.HiddenSize, random, layer));
    }

    public override int OutputSize => recurrent.OutputSize;

    protected override Variable Encode(Variable x, IndexTensor? lengths) => recurrent.Forward(x, state: null, lengths).Output;
}
