namespace SeqCore.Models;

/// <summary>The result of an encoder-decoder.</summary>
/// <param name="Logits">The logits of the next target token after each one, shape (B, T, V).</param>
/// <param name="Attention">
/// The attention weights of each decoder layer that attends to the source, shape (B, N, T, S) with N heads; empty unless
/// requested, or if nothing attends.
/// </param>
public readonly record struct EncoderDecoderResult(Variable Logits, IReadOnlyList<Variable> Attention)
{
    /// <summary>
    /// The log probability of the position that each step attended to, shape (B, T), for <see cref="Reinforce"/>; only for hard
    /// attention that is trained by the score function, else null.
    /// </summary>
    public Variable? LogProbabilities { get; init; }

    /// <summary>The probabilities that those positions were drawn from, shape (B, 1, T, S).</summary>
    public Variable? Probabilities { get; init; }

    /// <summary>Whether those positions affect the logits of later steps too, and not only of their own step.</summary>
    public bool ChoicesAffectLaterSteps { get; init; }
}

/// <summary>
/// The base of models that read one sequence of tokens and write another, which the trainer, the decoders and the samples use for
/// recurrent models and Transformers alike. The target begins with a start token; each step predicts the token after the one that
/// it reads. <see cref="Load(string, RandomGenerator?)"/> loads any of this library's encoder-decoders.
/// </summary>
/// <example>
/// <code>
/// (string Source, string Target)[] pairs = [("eins", "one"), ("zwei", "two"), ("eins zwei", "one two")];
/// var (german, english) = (new WordTokenizer("eins zwei"), new WordTokenizer("one two"));
/// using var model = new RecurrentEncoderDecoder(new RecurrentEncoderDecoderOptions
/// {
///     SourceVocabularySize = german.Count,
///     TargetVocabularySize = english.Count,
///     EmbeddingSize = 8,
///     HiddenSize = 16,
/// }, new RandomGenerator(seed: 1));
/// (model.SourceTokenizer, model.TargetTokenizer) = (german, english);
/// var encoded = new SequencePairs(pairs.Select(p => (german.Encode(p.Source), english.Encode(p.Target))));
/// using var task = new SequencePairTask(model, new SequencePairBatches(encoded, batchSize: 3, seed: 1), encoded);
/// using var optimizer = new Adam(model.Parameters(), learningRate: 0.02f);
/// new Trainer(task, optimizer, new TrainerOptions { Steps = 100 }).Run();
/// Console.WriteLine(model.Translate("eins zwei").Text);   // one two
/// </code>
/// </example>
public abstract partial class EncoderDecoderModel : Model
{
    internal const string SourceTokenizerName = "source_tokenizer", TargetTokenizerName = "target_tokenizer";
    private Tokenizer? sourceTokenizer;
    private Tokenizer? targetTokenizer;

    /// <summary>The number of different source tokens.</summary>
    public abstract int SourceVocabularySize { get; }

    /// <summary>The number of different target tokens, V.</summary>
    public abstract int TargetVocabularySize { get; }

    /// <summary>The largest number of tokens in a source or target; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>The tokenizer of sources, which is saved and loaded with the model; null if there is none.</summary>
    /// <exception cref="ArgumentException">
    /// The tokenizer has another number of tokens than the model; or the model copies tokens of the source, and the targets have
    /// another tokenizer.
    /// </exception>
    public Tokenizer? SourceTokenizer
    {
        get => sourceTokenizer;
        set => sourceTokenizer = Fitting(Shared(value, targetTokenizer), SourceVocabularySize, nameof(SourceTokenizer));
    }

    /// <summary>The tokenizer of targets, which is saved and loaded with the model; null if there is none.</summary>
    /// <exception cref="ArgumentException">
    /// The tokenizer has another number of tokens than the model; or the model copies tokens of the source, and the sources have
    /// another tokenizer.
    /// </exception>
    public Tokenizer? TargetTokenizer
    {
        get => targetTokenizer;
        set => targetTokenizer = Fitting(Shared(value, sourceTokenizer), TargetVocabularySize, nameof(TargetTokenizer));
    }

    /// <summary>Whether the model copies tokens of the source, so that both sides share one tokenizer.</summary>
    internal virtual bool CopiesSource => false;

    /// <inheritdoc/>
    protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers
    {
        get
        {
            if (sourceTokenizer is not null)
                yield return KeyValuePair.Create(SourceTokenizerName, sourceTokenizer);
            if (targetTokenizer is not null)
                yield return KeyValuePair.Create(TargetTokenizerName, targetTokenizer);
        }
    }

    /// <summary>Computes the logits of the next target token after each of the given ones (teacher forcing).</summary>
    /// <param name="source">The source tokens, shape (B, S), each in [0, <see cref="SourceVocabularySize"/>).</param>
    /// <param name="sourceLengths">
    /// The number of tokens of each source, shape (B,), in [0, S]; later tokens are padding and have no effect. Null for S in
    /// all.
    /// </param>
    /// <param name="targetInput">
    /// The decoder's inputs, shape (B, T): a start token and the target without its last token, each in [0, V).
    /// </param>
    /// <returns>The logits, shape (B, T, V).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput) =>
        Forward(source, sourceLengths, targetInput, returnAttention: false).Logits;

    /// <summary>
    /// Computes the logits of the next target token after each of the given ones, and the attention weights if requested.
    /// </summary>
    /// <param name="source">The source tokens, shape (B, S).</param>
    /// <param name="sourceLengths">The lengths of the source sequences, shape (B,); null if all are full.</param>
    /// <param name="targetInput">The decoder's inputs, shape (B, T).</param>
    /// <param name="returnAttention">Whether the attention weights are returned.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public abstract EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
        bool returnAttention);

    /// <summary>
    /// Encodes the sources and opens a stream that writes their targets token by token, in evaluation mode whatever the model's
    /// mode; its first step reads the start token. The stream keeps what it needs of the sources.
    /// </summary>
    /// <param name="source">The source tokens, shape (B, S), B at least 1.</param>
    /// <param name="sourceLengths">The lengths of the source sequences, shape (B,); null if all are full.</param>
    /// <param name="beams">
    /// The number of rows of the stream for each source, at least 1: source b has rows b beams to (b + 1) beams - 1.
    /// </param>
    /// <returns>A stream of B beams rows.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public abstract EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1);

    /// <summary>Loads an encoder-decoder of any of this library's classes, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a file that <see cref="Model.Save"/> wrote or of a checkpoint, or of a folder with checkpoints (see
    /// <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static EncoderDecoderModel Load(string path, RandomGenerator? random = null)
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
    public static EncoderDecoderModel Load(ModelFile file, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind switch
        {
            Transformer.KindName => file.Make(Transformer.KindName, f => Transformer.Create(f, random)),
            RecurrentEncoderDecoder.KindName => file.Make(RecurrentEncoderDecoder.KindName,
                f => RecurrentEncoderDecoder.Create(f, random)),
            _ => throw file.OtherKind(RecurrentEncoderDecoder.KindName, Transformer.KindName),
        };
    }

    private Tokenizer? Shared(Tokenizer? tokenizer, Tokenizer? other) =>
        !CopiesSource || tokenizer is null || other is null || ReferenceEquals(tokenizer, other)
            || tokenizer.ToJson() == other.ToJson()
            ? tokenizer
            : throw new ArgumentException($"{Kind}: the model copies tokens of the source into the target, so"
                + $" {nameof(SourceTokenizer)} and {nameof(TargetTokenizer)} should be the same; got two that differ. Hint: train"
                + " one tokenizer on sources and targets together.", nameof(tokenizer));
}
