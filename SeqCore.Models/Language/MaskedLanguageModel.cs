namespace SeqCore.Models;

/// <summary>
/// The base of models that predict tokens from those on both sides (Devlin et al., "BERT: Pre-training of Deep Bidirectional
/// Transformers for Language Understanding", arXiv:1810.04805, section 3.1); the masked task trains them, and the samples fill in
/// blanks with them.
/// </summary>
public abstract class MaskedLanguageModel : Model
{
    private Tokenizer? tokenizer;

    /// <summary>The number of different tokens, V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The largest number of tokens in a sequence; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>
    /// The tokenizer of the texts that the model is trained on, which is saved and loaded with it; null if there is none.
    /// </summary>
    /// <exception cref="ArgumentException">The tokenizer has another number of tokens than the model.</exception>
    public Tokenizer? Tokenizer
    {
        get => tokenizer;
        set => tokenizer = Fitting(value, VocabularySize, nameof(Tokenizer));
    }

    /// <inheritdoc/>
    protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers =>
        tokenizer is null ? [] : [KeyValuePair.Create(ModelDescription.Tokenizer, tokenizer)];

    /// <summary>Computes a hidden vector for each token in its context.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">
    /// The number of tokens of each sequence, shape (B,), in [0, T]; later ones are padding that no token sees, and their results
    /// have no meaning. Null for T in all.
    /// </param>
    /// <returns>The hidden vectors, shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape, or T is above the model's maximum.</exception>
    public abstract Variable Encode(IndexTensor tokens, IndexTensor? lengths = null);

    /// <summary>
    /// Computes the logits of tokens at some positions from the hidden vectors that <see cref="Encode"/> computed there.
    /// </summary>
    /// <param name="hidden">The hidden vectors, shape (..., D).</param>
    /// <returns>The logits, shape (..., V).</returns>
    /// <exception cref="ShapeException">The last axis is not D.</exception>
    public abstract Variable PredictTokens(Variable hidden);
}
