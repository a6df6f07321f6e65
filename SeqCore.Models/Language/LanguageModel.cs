using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Predicts, from the tokens so far, the one that comes next: what the trainer, the decoders and the samples share.
/// <see cref="Load(string, RandomGenerator?)"/> loads any of this library's language models.
/// </summary>
public abstract class LanguageModel : Model
{
    private Tokenizer? tokenizer;

    /// <summary>V, the number of different tokens.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The most tokens that the model can look back on; null for no limit.</summary>
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

    /// <summary>The logits of the next token after each token, from no state.</summary>
    /// <param name="tokens">Shape (B, T), each in [0, V).</param>
    /// <returns>Shape (B, T, V).</returns>
    /// <exception cref="ShapeException">The tokens have another shape, or are more than the model can look back on.</exception>
    public abstract Variable Predict(IndexTensor tokens);

    /// <summary>Opens a stream that reads and predicts token by token, in evaluation mode whatever the model's mode.</summary>
    /// <param name="batchSize">B, texts side by side, at least 1.</param>
    public abstract TokenStream NewStream(int batchSize = 1);

    /// <summary>Writes on after a prompt, token by token, with the model's own tokenizer.</summary>
    /// <param name="prompt">What the model reads first; at least one token.</param>
    /// <param name="length">Tokens to write.</param>
    /// <param name="sampler">Draws the tokens; null always takes the likeliest.</param>
    /// <returns>
    /// The text after the prompt. Where the model can look back on no more, it goes on with the later half of what it can.
    /// </returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <exception cref="ArgumentException">The prompt is empty, or has a part that the tokenizer does not know.</exception>
    public string Generate(string prompt, int length, Sampler? sampler = null)
    {
        var own = tokenizer ?? throw new InvalidOperationException($"{Kind}.Generate: the model has no tokenizer."
            + $" Set {nameof(Tokenizer)}, or write tokens with a {nameof(TextGenerator)}.");
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var tokens = own.Encode(prompt);
        if (tokens.Length == 0)
            throw new ArgumentException($"{Kind}.Generate: the prompt should have at least one token.", nameof(prompt));
        using var stream = NewStream();
        var options = new GenerationOptions
        {
            MaximumLength = length,
            EndToken = own.Special.End,
            ForbiddenTokens = own.Special.NeverWritten,
            KeptContext = MaximumLength is { } most ? Math.Max(1, most / 2) : null,
        };
        var written = new TextGenerator(stream, sampler ?? Sampler.Greedy()).Generate(tokens, options)[0];
        return own.Decode(written.Tokens.Span[..^(written.End == GenerationEnd.EndToken ? 1 : 0)]);
    }

    /// <summary>Loads a language model, whichever of this library's classes it is, in evaluation mode.</summary>
    /// <param name="path">
    /// A file that <see cref="Model.Save"/> wrote, a checkpoint, or the folder of one (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">There is no such model; the message says why.</exception>
    public static LanguageModel Load(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return Load(file, random);
    }

    /// <summary>Makes the model that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open file.</param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">The file holds another kind of model.</exception>
    public static LanguageModel Load(ModelFile file, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind == Gpt.KindName
            ? file.Make(Gpt.KindName, f => Gpt.Create(f, random))
            : file.Make(RecurrentLanguageModel.KindName, f => RecurrentLanguageModel.Create(f, random));
    }
}
