namespace SeqCore.Models;

/// <summary>The kinds of <see cref="TextEncoder"/>.</summary>
public enum TextEncoderKind
{
    /// <summary>
    /// The embeddings of the tokens alone, without their order: with <see cref="MeanPooling"/> the baseline of Joulin, Grave,
    /// Bojanowski and Mikolov, "Bag of tricks for efficient text classification", arXiv:1607.01759.
    /// </summary>
    Embedding,

    /// <summary>Recurrent layers, <see cref="Models.Lstm"/>.</summary>
    Lstm,

    /// <summary>Recurrent layers, <see cref="Models.Gru"/>.</summary>
    Gru,

    /// <summary>
    /// Convolutions of several widths side by side and ReLU, <see cref="Conv1d"/>: with <see cref="MaxPooling"/> the network of
    /// Kim, "Convolutional neural networks for sentence classification", EMNLP 2014, arXiv:1408.5882, section 2.
    /// </summary>
    Convolution,

    /// <summary>The blocks of a Transformer, <see cref="TransformerStack"/>, with sinusoidal positions.</summary>
    Transformer,
}
