namespace SeqCore.Models;

/// <summary>
/// A member of a <see cref="TextClassifier"/>: an encoder, pooling over the tokens, dropout and a linear layer.
/// </summary>
internal sealed class ClassifierNetwork : Module
{
    private readonly TextEncoder encoder;
    private readonly TimePooling pooling;
    private readonly Dropout? dropout;
    private readonly Linear head;

    internal ClassifierNetwork(int vocabularySize, TextClassifierOptions options, RandomGenerator random)
    {
        encoder = Register("encoder", TextEncoder.New(vocabularySize, options.Encoder, random));
        pooling = Register("pooling", TimePooling.New(options.Pooling, encoder.OutputSize, random));
        if (options.Dropout > 0f)
            dropout = Register("dropout", new Dropout(options.Dropout, random));
        head = Register("head", new Linear(encoder.OutputSize, options.Labels.Count, random));
    }

    /// <summary>
    /// Computes the logits of the labels, shape (B, C), and the weights of the tokens in <see cref="AttentionPooling"/>, shape
    /// (B, T), or null with another pooling.
    /// </summary>
    /// <param name="tokens">The tokens, shape (B, T).</param>
    /// <param name="lengths">The number of tokens of each text, shape (B,); null for T in all.</param>
    internal (Variable Logits, Variable? Weights) Forward(IndexTensor tokens, IndexTensor? lengths)
    {
        var hidden = encoder.Forward(tokens, lengths);
        var (pooled, weights) = pooling is AttentionPooling attention
            ? attention.ForwardWithWeights(hidden, lengths)
            : (pooling.Forward(hidden, lengths), null);
        return (head.Forward(dropout?.Forward(pooled) ?? pooled), weights);
    }
}
