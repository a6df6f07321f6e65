namespace SeqCore.Models;

/// <summary>
/// A recurrent encoder-decoder. Without attention, the decoder knows the source only by the encoder's last state (Sutskever,
/// Vinyals and Le, "Sequence to sequence learning with neural networks", arXiv:1409.3215; the source is not reversed here); with
/// attention, it attends to every position at each step. Parameters: those of <c>encoder</c> and <c>decoder</c>.
/// </summary>
public sealed class RecurrentEncoderDecoder : EncoderDecoderModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "recurrent-encoder-decoder";

    internal const string OwnAttentionKind = KindName + " with an attention of its own";
    internal const string OwnPartsKind = KindName + ModelKinds.OwnParts;

    /// <summary>Makes a model that is initialised as in PyTorch.</summary>
    /// <param name="options">The configuration and the regularisation.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size is out of range, options are not compatible, or custom layers are of other sizes.
    /// </exception>
    public RecurrentEncoderDecoder(RecurrentEncoderDecoderOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(Kind);
        Options = options;
        Encoder = Register("encoder", new RecurrentEncoder(options.SourceVocabularySize, options, random));
        Decoder = Register("decoder", new RecurrentDecoder(options.TargetVocabularySize, options, random));
        var (source, target) = (Encoder.Recurrent, Decoder.Recurrent);
        if (source.StateCount != target.StateCount)
        {
            throw new ArgumentException($"{Kind}: the decoder starts from the encoder's state, so both results of"
                + $" {nameof(options.NewLayer)} should have as many variables of state; got {source.Kind} with"
                + $" {source.StateCount} and {target.Kind} with {target.StateCount}.", nameof(options));
        }
    }

    /// <summary>The configuration and the regularisation.</summary>
    public RecurrentEncoderDecoderOptions Options { get; }

    /// <summary>The encoder, which reads the sources.</summary>
    public RecurrentEncoder Encoder { get; }

    /// <summary>The decoder, which writes the targets.</summary>
    public RecurrentDecoder Decoder { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A model with custom layers or a custom attention has another kind: only
    /// <see cref="Load(string, Func{RecurrentEncoderDecoderOptions, RecurrentEncoderDecoderOptions}, RandomGenerator?)"/> can
    /// load it, or, if only the attention is custom,
    /// <see cref="Load(string, Func{int, RandomGenerator, AttentionLayer}, RandomGenerator?)"/>.
    /// </remarks>
    public override string FileKind => Options.NewLayer is not null ? OwnPartsKind
        : Options.NewAttention is not null ? OwnAttentionKind : KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.RecurrentEncoderDecoderOptions);

    /// <inheritdoc/>
    public override int SourceVocabularySize => Options.SourceVocabularySize;

    /// <inheritdoc/>
    public override int TargetVocabularySize => Options.TargetVocabularySize;

    /// <inheritdoc/>
    public override int? MaximumLength => null;

    internal override bool CopiesSource => Options.Copies;

    /// <inheritdoc/>
    public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
        bool returnAttention)
    {
        var (keys, state) = Encoder.Forward(source, sourceLengths);
        var prepared = Decoder.Attention?.Prepare(keys, options: new AttentionOptions { KeyLengths = sourceLengths });
        return Decoder.Forward(targetInput, state, prepared, returnAttention, source);
    }

    /// <inheritdoc/>
    public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
        new RecurrentEncoderDecoderStream(this, source, sourceLengths, beams);

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static new RecurrentEncoderDecoder Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    /// <summary>Loads a model with a custom attention, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="newAttention">
    /// The function that was <see cref="RecurrentEncoderDecoderOptions.NewAttention"/>, which files do not hold.
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static RecurrentEncoderDecoder Load(string path, Func<int, RandomGenerator, AttentionLayer> newAttention,
        RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(newAttention);
        return ModelFile.Load(path, OwnAttentionKind, f => Create(f, random, o => o with { NewAttention = newAttention }));
    }

    /// <summary>Loads a model with custom layers, a custom attention or both, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="complete">
    /// Sets <see cref="RecurrentEncoderDecoderOptions.NewLayer"/> and <see cref="RecurrentEncoderDecoderOptions.NewAttention"/>,
    /// which a file does not hold.
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static RecurrentEncoderDecoder Load(string path,
        Func<RecurrentEncoderDecoderOptions, RecurrentEncoderDecoderOptions> complete, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(complete);
        using var file = ModelFile.Open(path);
        return file.Make(file.Kind == OwnAttentionKind ? OwnAttentionKind : OwnPartsKind, f => Create(f, random, complete));
    }

    internal static RecurrentEncoderDecoder Create(ModelFile file, RandomGenerator? random,
        Func<RecurrentEncoderDecoderOptions, RecurrentEncoderDecoderOptions>? complete = null)
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.RecurrentEncoderDecoderOptions,
            new() { SourceVocabularySize = 0, TargetVocabularySize = 0, EmbeddingSize = 0, HiddenSize = 0 });
        return new RecurrentEncoderDecoder(complete?.Invoke(options) ?? options, random ?? new RandomGenerator(0))
        {
            SourceTokenizer = file.ReadTokenizer(SourceTokenizerName),
            TargetTokenizer = file.ReadTokenizer(TargetTokenizerName),
        };
    }
}
