namespace SeqCore.Models;

/// <summary>What an encoder-decoder gives.</summary>
/// <param name="Logits">Shape (B, T, V): of the next target token after each.</param>
/// <param name="Attention">
/// For each layer of the decoder that attends to the source, its weights, shape (B, N, T, S), N heads; empty unless asked for,
/// and where nothing attends.
/// </param>
public readonly record struct EncoderDecoderResult(Variable Logits, IReadOnlyList<Variable> Attention)
{
    /// <summary>
    /// Shape (B, T): the log probability of where each step chose to look, for <see cref="Reinforce"/>; null but for hard
    /// attention in training by the score function.
    /// </summary>
    public Variable? LogProbabilities { get; init; }

    /// <summary>Shape (B, 1, T, S): what those choices were drawn from.</summary>
    public Variable? Probabilities { get; init; }

    /// <summary>Whether those choices change the logits of later steps too, and not of their own alone.</summary>
    public bool ChoicesLast { get; init; }
}

/// <summary>
/// Reads one sequence of tokens and writes another: what the trainer, the decoders and the samples share of recurrent models and
/// Transformers. The target begins with a start token; each step predicts the token after the one that it reads.
/// <see cref="Load(string, RandomGenerator?)"/> loads any of this library's encoder-decoders.
/// </summary>
public abstract class EncoderDecoderModel : Model
{
    internal const string SourceTokenizerName = "source_tokenizer", TargetTokenizerName = "target_tokenizer";
    private Tokenizer? sourceTokenizer;
    private Tokenizer? targetTokenizer;

    /// <summary>Number of different source tokens.</summary>
    public abstract int SourceVocabularySize { get; }

    /// <summary>V, number of different target tokens.</summary>
    public abstract int TargetVocabularySize { get; }

    /// <summary>The most tokens of a source or target; null for no limit.</summary>
    public abstract int? MaximumLength { get; }

    /// <summary>The tokenizer of sources; saved and loaded with the model. Null if there is none.</summary>
    /// <exception cref="ArgumentException">It has another number of tokens than the model.</exception>
    public Tokenizer? SourceTokenizer
    {
        get => sourceTokenizer;
        set => sourceTokenizer = Fitting(value, SourceVocabularySize, nameof(SourceTokenizer));
    }

    /// <summary>The tokenizer of targets; saved and loaded with the model. Null if there is none.</summary>
    /// <exception cref="ArgumentException">It has another number of tokens than the model.</exception>
    public Tokenizer? TargetTokenizer
    {
        get => targetTokenizer;
        set => targetTokenizer = Fitting(value, TargetVocabularySize, nameof(TargetTokenizer));
    }

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

    /// <summary>The logits of the next target token after each of the given ones (teacher forcing).</summary>
    /// <param name="source">Shape (B, S), each in [0, <see cref="SourceVocabularySize"/>).</param>
    /// <param name="sourceLengths">
    /// Shape (B,): tokens of each source, in [0, S]; later ones are padding and change nothing. Null: all S.
    /// </param>
    /// <param name="targetInput">Shape (B, T): a start token and the target without its last token, each in [0, V).</param>
    /// <returns>Shape (B, T, V).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput) =>
        Forward(source, sourceLengths, targetInput, returnAttention: false).Logits;

    /// <summary>The same, with what the decoder attends to.</summary>
    /// <param name="source">Shape (B, S).</param>
    /// <param name="sourceLengths">Shape (B,), or null.</param>
    /// <param name="targetInput">Shape (B, T).</param>
    /// <param name="returnAttention">Whether the weights are wanted.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public abstract EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
        bool returnAttention);

    /// <summary>
    /// Encodes the sources and opens a stream that writes their targets token by token, in evaluation mode whatever the model's
    /// mode; its first step reads the start token. The stream keeps what it needs of the sources.
    /// </summary>
    /// <param name="source">Shape (B, S), B at least 1.</param>
    /// <param name="sourceLengths">Shape (B,), or null.</param>
    /// <param name="beams">
    /// Rows of the stream for each source, at least 1: source b has rows b beams to (b + 1) beams - 1.
    /// </param>
    /// <returns>A stream of B beams rows.</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public abstract EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1);

    /// <summary>Loads an encoder-decoder, whichever of this library's classes it is, in evaluation mode.</summary>
    /// <param name="path">
    /// A file that <see cref="Model.Save"/> wrote, a checkpoint, or the folder of one (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">There is no such model; the message says why.</exception>
    public static EncoderDecoderModel Load(string path, RandomGenerator? random = null)
    {
        using var file = ModelFile.Open(path);
        return Load(file, random);
    }

    /// <summary>Makes the model that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open file.</param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">The file holds another kind of model.</exception>
    public static EncoderDecoderModel Load(ModelFile file, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind == Transformer.KindName
            ? file.Make(Transformer.KindName, f => Transformer.Create(f, random))
            : file.Make(RecurrentEncoderDecoder.KindName, f => RecurrentEncoderDecoder.Create(f, random));
    }
}
