namespace SeqCore.Models;

/// <summary>
/// The base of models that predict the next token from the tokens so far, which the trainer, the decoders and the samples use.
/// <see cref="Load(string, RandomGenerator?)"/> loads any of this library's language models.
/// </summary>
public abstract class LanguageModel : Model
{
    private Tokenizer? tokenizer;

    /// <summary>The number of different tokens, V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The largest number of tokens that the model can look back on; null for no limit.</summary>
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

    /// <summary>Computes the logits of the next token after each token, starting without a state.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <returns>The logits, shape (B, T, V).</returns>
    /// <exception cref="ShapeException">The tokens do not have two axes, or are more than the model can look back on.</exception>
    public abstract Variable Predict(IndexTensor tokens);

    /// <summary>Opens a stream that reads and predicts token by token, in evaluation mode whatever the model's mode.</summary>
    /// <param name="batchSize">The number of texts, B, at least 1.</param>
    public abstract TokenStream NewStream(int batchSize = 1);

    /// <summary>Continues a prompt token by token, with the model's own tokenizer.</summary>
    /// <param name="prompt">The text that the model reads first; at least one token.</param>
    /// <param name="length">The number of tokens to write.</param>
    /// <param name="sampler">The sampler that draws the tokens; null always takes the likeliest.</param>
    /// <returns>
    /// The text after the prompt. When the model can look back on no more tokens, it continues with the later half of them.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <exception cref="ArgumentException">The prompt is empty, or has a part that the tokenizer does not know.</exception>
    public string Generate(string prompt, int length, Sampler? sampler = null)
    {
        var own = tokenizer ?? throw new InvalidOperationException($"{Kind}.Generate: the model has no tokenizer."
            + $" Set {nameof(Tokenizer)}, or write tokens with a {nameof(TextGenerator)}.");
        ArgumentNullException.ThrowIfNull(prompt);
        Argument.AtLeast(length, $"{Kind}.Generate", nameof(length), 0);
        var tokens = own.Encode(prompt);
        if (tokens.Length == 0)
            throw new ArgumentException($"{Kind}.Generate: the prompt should have at least one token.", nameof(prompt));
        using var stream = NewStream();
        var options = new GenerationOptions
        {
            MaximumLength = length,
            EndToken = own.Special.End,
            ForbiddenTokens = own.Special.NeverGenerated,
            KeptContext = MaximumLength is { } most ? Math.Max(1, most / 2) : null,
        };
        var written = new TextGenerator(stream, sampler ?? Sampler.Greedy()).Generate(tokens, options)[0];
        return own.Decode(written.Tokens.Span[..^(written.End == GenerationEnd.EndToken ? 1 : 0)]);
    }

    /// <summary>Loads a language model of any of this library's classes, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a file that <see cref="Model.Save"/> wrote or of a checkpoint, or of a folder with checkpoints (see
    /// <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static LanguageModel Load(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return Load(file, random);
    }

    /// <summary>Makes the model that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file holds another kind of model.</exception>
    public static LanguageModel Load(ModelFile file, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind switch
        {
            Gpt.KindName => file.Make(Gpt.KindName, f => Gpt.Create(f, random)),
            RecurrentLanguageModel.KindName => file.Make(RecurrentLanguageModel.KindName,
                f => RecurrentLanguageModel.Create(f, random)),
            _ => throw file.OtherKind(RecurrentLanguageModel.KindName, Gpt.KindName),
        };
    }
}
