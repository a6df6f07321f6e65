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

    /// <summary>The blocks of a Transformer, <see cref="TransformerStack"/>, with sinusoidal positions.</summary>
    Transformer,
}
