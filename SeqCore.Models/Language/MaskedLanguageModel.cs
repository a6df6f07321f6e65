namespace SeqCore.Models;

/// <summary>
/// Predicts tokens from what stands on both sides of them (Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers
/// for Language Understanding", arXiv:1810.04805, section 3.1): what the masked task trains and the samples fill blanks with.
/// </summary>
public abstract class MaskedLanguageModel : Model
{
    private Tokenizer? tokenizer;

    /// <summary>V</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The most tokens that a sequence can have; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>
    /// The tokenizer of the texts that the model is trained on; saved and loaded with it. Null if there is none.
    /// </summary>
    /// <exception cref="ArgumentException">It has another number of tokens than the model.</exception>
    public Tokenizer? Tokenizer
    {
        get => tokenizer;
        set => tokenizer = Fitting(value, VocabularySize, nameof(Tokenizer));
    }

    /// <inheritdoc/>
    protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers =>
        tokenizer is null ? [] : [KeyValuePair.Create(ModelDescription.Tokenizer, tokenizer)];

    /// <summary>What the model makes of each token in its surroundings.</summary>
    /// <param name="tokens">Shape (B, T), each in [0, V).</param>
    /// <param name="lengths">Shape (B,): tokens of each sequence, in [0, T]; later ones are padding that no token sees, and
    /// what comes out in their places means nothing. Null: all T.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A shape is not as above, or T is too long.</exception>
    public abstract Variable Encode(IndexTensor tokens, IndexTensor? lengths = null);

    /// <summary>The logits of the tokens at some places, from what <see cref="Encode"/> made of these.</summary>
    /// <param name="hidden">Shape (..., D).</param>
    /// <returns>Shape (..., V).</returns>
    /// <exception cref="ShapeException">The last axis is not D.</exception>
    public abstract Variable PredictTokens(Variable hidden);
}
