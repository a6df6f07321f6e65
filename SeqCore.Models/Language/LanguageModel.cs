namespace SeqCore.Models;

/// <summary>Predicts, from the tokens so far, the one that comes next: what the trainer, the decoders and the samples share.</summary>
public abstract class LanguageModel : Module
{
    /// <summary>V</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The most tokens that the model can look back on; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>The logits of the next token after each token, from no state.</summary>
    /// <param name="tokens">Shape (B, T), each in [0, V).</param>
    /// <returns>Shape (B, T, V).</returns>
    /// <exception cref="ShapeException">The tokens have another shape, or are more than the model can look back on.</exception>
    public abstract Variable Predict(IndexTensor tokens);

    /// <summary>Opens a stream that reads and predicts token by token, in evaluation mode whatever the model's mode.</summary>
    /// <param name="batchSize">B, texts side by side, at least 1.</param>
    public abstract TokenStream NewStream(int batchSize = 1);
}
