namespace SeqCore.Models;

/// <summary>The attention weights of each layer of a <see cref="Transformer"/>, by head.</summary>
/// <param name="Encoder">The weights of each layer of the encoder, shape (B, N, S, S).</param>
/// <param name="Decoder">The weights of each layer of the decoder within the target, shape (B, N, T, T).</param>
/// <param name="Source">The weights of each layer of the decoder from target to source, shape (B, N, T, S).</param>
public sealed record TransformerAttention(IReadOnlyList<Variable> Encoder, IReadOnlyList<Variable> Decoder,
    IReadOnlyList<Variable> Source);

/// <summary>
/// The encoder-decoder of Vaswani et al., "Attention is all you need", arXiv:1706.03762. Parameters are named as in PyTorch's
/// Transformer, <c>encoder.layers.0.self_attn.in_proj_weight</c> and so on, with <c>source_embedding.weight</c>,
/// <c>target_embedding.weight</c>, <c>head.weight</c> and <c>head.bias</c>. Differs from the paper: as in PyTorch, encoder and
/// decoder have a norm after the last layer.
/// </summary>
public sealed class Transformer : EncoderDecoderModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "transformer";
    internal const string OwnPartsKind = KindName + ModelKinds.OwnParts;
    private static readonly TransformerOptions defaults = new() { SourceVocabularySize = 0, TargetVocabularySize = 0 };
    private readonly TokenEmbedding source;
    private readonly TokenEmbedding target;
    private readonly TransformerStack encoder;
    private readonly TransformerStack decoder;
    private readonly Linear head;

    /// <summary>
    /// Makes a model whose matrices are initialised by Glorot and Bengio, as in PyTorch, and whose embeddings are N(0, 1/D).
    /// </summary>
    /// <param name="options">The sizes and the configuration.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public Transformer(TransformerOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        var layer = options.Layer with
        {
            Alibi = options.Positions == PositionKind.Alibi,
            IsCausal = false,
            HasSource = false,
        };
        if (options.Positions == PositionKind.Rotary && layer.Rotary is null)
            layer = layer with { Rotary = Register("rotary", new RotaryPositions(layer.ModelSize / layer.HeadCount)) };
        var tokens = Register("source_embedding", Table(options.SourceVocabularySize));
        var targets = options.ShareEmbeddings ? tokens : Register("target_embedding", Table(options.TargetVocabularySize));
        source = Embedded(tokens, "source");
        target = Embedded(targets, "target");
        encoder = Register("encoder", new TransformerStack(options.EncoderLayers, layer, random, options.FinalNorm));
        decoder = Register("decoder", new TransformerStack(options.DecoderLayers,
            layer with { IsCausal = true, HasSource = true }, random, options.FinalNorm));
        foreach (var parameter in encoder.Layers.Concat(decoder.Layers).SelectMany(l => l.BuiltInMatrices()))
            Initializer.XavierUniform(parameter.Value, random);
        head = Register("head", options.TieWeights
            ? new Linear(targets.Weight)
            : new Linear(layer.ModelSize, options.TargetVocabularySize, random));

        // Multiplied by sqrt(D), the vectors are as wide as those of positions.
        Embedding Table(int vocabularySize) =>
            NormalInitializer.Embedding(vocabularySize, layer.ModelSize, random, 1f / MathF.Sqrt(layer.ModelSize));

        TokenEmbedding Embedded(Embedding table, string name) => new(table, RegisterIfAny($"{name}_positions",
                TokenEmbedding.NewPositions(options.Positions, options.MaximumLength, layer.ModelSize, random)),
            MathF.Sqrt(layer.ModelSize),
            RegisterIfAny($"{name}_dropout", layer.Dropout > 0f ? new Dropout(layer.Dropout, random) : null));
    }

    /// <summary>The sizes and the configuration of the model.</summary>
    public TransformerOptions Options { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A model with custom parts has another kind: only
    /// <see cref="Load(string, Func{TransformerOptions, TransformerOptions}, RandomGenerator?)"/> can load it.
    /// </remarks>
    public override string FileKind => Options.Layer.HasCustomParts ? OwnPartsKind : KindName;

    internal override string DefaultOptionsJson =>
        Models.OptionsJson.Write(defaults, Models.OptionsJson.Default.TransformerOptions);

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.TransformerOptions);

    /// <inheritdoc/>
    public override int SourceVocabularySize => Options.SourceVocabularySize;

    /// <inheritdoc/>
    public override int TargetVocabularySize => Options.TargetVocabularySize;

    internal override bool? TiesWeights => Options.TieWeights;

    /// <inheritdoc/>
    public override int? MaximumLength => Options.MaximumLength;

    /// <inheritdoc/>
    public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
        bool returnAttention)
    {
        List<Variable>? attention = returnAttention ? [] : null;
        return new EncoderDecoderResult(Run(source, sourceLengths, targetInput, null, null, attention), attention ?? []);
    }

    /// <summary>
    /// Computes the attention weights of each layer, for inspection: by the definition, with the whole matrices of weights, in
    /// evaluation mode whatever the model's mode.
    /// </summary>
    /// <param name="source">The source tokens, shape (B, S).</param>
    /// <param name="sourceLengths">The lengths of the source sequences, shape (B,); null if all are full.</param>
    /// <param name="targetInput">The decoder's inputs, shape (B, T).</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public TransformerAttention AttentionWeights(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput)
    {
        using var inference = InferenceScope.Open();
        List<Variable> inEncoder = [], inDecoder = [], toSource = [];
        Run(source, sourceLengths, targetInput, inEncoder, inDecoder, toSource);
        return new TransformerAttention(inEncoder, inDecoder, toSource);
    }

    /// <inheritdoc/>
    public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
        new TransformerStream(this, source, sourceLengths, beams);

    /// <summary>Computes the keys and values of the sources for each layer of the decoder, each of shape (B, M, S, K).</summary>
    internal PreparedKeys[] Encode(IndexTensor sources, IndexTensor? lengths, List<Variable>? weights, bool isInference)
    {
        Check(sources, "source", "S");
        var options = new AttentionOptions { KeyLengths = lengths };
        var pass = new MixerPass { Options = options, Weights = weights, IsInference = isInference };
        return decoder.Prepare(encoder.Forward(source.Forward(sources, pass), pass), options, isInference);
    }

    internal MixerState[] NewStates(int rows) => decoder.NewStates(rows);

    /// <summary>
    /// Computes the logits after the last of some target tokens that follow those of earlier steps, shape (B, V).
    /// </summary>
    internal Variable PredictNext(IndexTensor tokens, CachedSteps steps, PreparedKeys[] sources, List<Variable>? sourceWeights)
    {
        var pass = steps.Pass;
        var hidden = decoder.Forward(target.Forward(tokens, pass), pass, steps.States, sources, sourceWeights);
        return head.Forward(hidden.Select(1, tokens.Shape[1] - 1));
    }

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static new Transformer Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    /// <summary>Loads a model that has custom parts, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="complete">Sets the options that a file does not hold, which make the custom parts.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static Transformer Load(string path, Func<TransformerOptions, TransformerOptions> complete,
        RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(complete);
        return ModelFile.Load(path, OwnPartsKind, f => Create(f, random, complete));
    }

    internal static Transformer Create(ModelFile file, RandomGenerator? random,
        Func<TransformerOptions, TransformerOptions>? complete = null)
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.TransformerOptions, defaults);
        return new Transformer(complete?.Invoke(options) ?? options, random ?? new RandomGenerator(0))
        {
            SourceTokenizer = file.ReadTokenizer(SourceTokenizerName),
            TargetTokenizer = file.ReadTokenizer(TargetTokenizerName),
        };
    }

    private Variable Run(IndexTensor sources, IndexTensor? lengths, IndexTensor targets, List<Variable>? inEncoder,
        List<Variable>? inDecoder, List<Variable>? toSource)
    {
        Check(targets, "targetInput", "T");
        var isInference = inEncoder is not null;
        var keys = Encode(sources, lengths, inEncoder, isInference);
        if (targets.Shape[0] != sources.Shape[0])
        {
            throw ShapeException.Wrong(Kind, "targetInput", $"(B, T) = ({sources.Shape[0]}, T)", targets.Shape,
                $"source is {sources.Shape}");
        }

        var pass = new MixerPass { Weights = inDecoder, IsInference = isInference };
        return head.Forward(decoder.Forward(target.Forward(targets, pass), pass, null, keys, toSource));
    }

    private void Check(IndexTensor tokens, string name, string letter)
    {
        ArgumentNullException.ThrowIfNull(tokens, name);
        if (tokens.Shape.Rank != 2 || tokens.Shape[1] > MaximumLength)
        {
            throw ShapeException.Wrong(Kind, name,
                $"(B, {letter}){(MaximumLength is { } most ? $" with {letter} at most {most}" : "")}", tokens.Shape);
        }
    }
}
