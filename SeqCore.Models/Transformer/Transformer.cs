using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>What each layer of a <see cref="Transformer"/> attends to, by head.</summary>
/// <param name="Encoder">For each layer of the encoder: shape (B, N, S, S).</param>
/// <param name="Decoder">For each layer of the decoder, within the target: shape (B, N, T, T).</param>
/// <param name="Source">For each layer of the decoder, from target to source: shape (B, N, T, S).</param>
public sealed record TransformerAttention(IReadOnlyList<Variable> Encoder, IReadOnlyList<Variable> Decoder,
    IReadOnlyList<Variable> Source);

/// <summary>
/// The encoder-decoder of Vaswani et al., "Attention is all you need", arXiv:1706.03762. Parameters are named as in PyTorch's
/// Transformer, <c>encoder.layers.0.self_attn.in_proj_weight</c> and so on, with <c>source_embedding.weight</c>,
/// <c>target_embedding.weight</c>, <c>head.weight</c> and <c>head.bias</c> around it.
/// Differs from the paper: as in PyTorch, a norm stands behind the last layer of encoder and decoder.
/// </summary>
public sealed class Transformer : EncoderDecoderModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "transformer";
    private readonly TokenEmbedding source;
    private readonly TokenEmbedding target;
    private readonly TransformerEncoder encoder;
    private readonly TransformerDecoder decoder;
    private readonly Linear head;

    /// <summary>
    /// A model whose matrices have first values by Glorot and Bengio, as PyTorch's, and whose embeddings are N(0, 1/D).
    /// </summary>
    /// <param name="options">Size and form.</param>
    /// <param name="random">Draws the first values and the masks of dropout; its state is part of a checkpoint.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public Transformer(TransformerOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        var layer = options.Layer with { Alibi = options.Positions == PositionKind.Alibi };
        if (options.Positions == PositionKind.Rotary)
        {
            layer = layer with
            {
                Rotary = layer.Rotary ?? Register("rotary", new RotaryPositions(layer.ModelSize / layer.HeadCount)),
            };
        }

        var tokens = Register("source_embedding", TokenEmbedding.Table(options.SourceVocabularySize, layer.ModelSize, random));
        var targets = options.ShareEmbeddings
            ? tokens
            : Register("target_embedding", TokenEmbedding.Table(options.TargetVocabularySize, layer.ModelSize, random));
        source = new TokenEmbedding(tokens, Positions("source_positions"), Dropout("source_dropout"));
        target = new TokenEmbedding(targets, Positions("target_positions"), Dropout("target_dropout"));
        encoder = Register("encoder", new TransformerEncoder(options.EncoderLayers, layer, random, options.FinalNorm));
        decoder = Register("decoder", new TransformerDecoder(options.DecoderLayers, layer, random, options.FinalNorm));
        foreach (var parameter in encoder.Parameters().Concat(decoder.Parameters()).Where(p => p.Shape.Rank == 2))
            Initializer.XavierUniform(parameter.Value, random);
        head = Register("head", options.TieWeights
            ? new Linear(targets.Weight)
            : new Linear(layer.ModelSize, options.TargetVocabularySize, random));

        PositionEncoding? Positions(string name) => options.Positions switch
        {
            PositionKind.Learned => Register(name, new LearnedPositions(options.MaximumLength!.Value, layer.ModelSize, random)),
            PositionKind.Sinusoidal => Register(name, new SinusoidalPositions(layer.ModelSize)),
            _ => null,
        };

        Dropout? Dropout(string name) => layer.Dropout > 0f ? Register(name, new Dropout(layer.Dropout, random)) : null;
    }

    /// <summary>Size and form.</summary>
    public TransformerOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.TransformerOptions);

    /// <inheritdoc/>
    public override int SourceVocabularySize => Options.SourceVocabularySize;

    /// <inheritdoc/>
    public override int TargetVocabularySize => Options.TargetVocabularySize;

    /// <inheritdoc/>
    public override int? MaximumLength => Options.MaximumLength;

    internal IEnumerable<AttentionHeads> Heads => decoder.Layers.Select(l => l.SelfAttention.Heads);

    /// <inheritdoc/>
    public override EncoderDecoderResult Forward(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput,
        bool returnAttention)
    {
        List<Variable>? attention = returnAttention ? [] : null;
        return new EncoderDecoderResult(Run(source, sourceLengths, targetInput, null, null, attention), attention ?? []);
    }

    /// <summary>
    /// What each layer attends to, for looking at: by the definition, with the whole matrices of weights, in evaluation mode
    /// whatever the model's.
    /// </summary>
    /// <param name="source">Shape (B, S).</param>
    /// <param name="sourceLengths">Shape (B,), or null.</param>
    /// <param name="targetInput">Shape (B, T).</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public TransformerAttention AttentionWeights(IndexTensor source, IndexTensor? sourceLengths, IndexTensor targetInput)
    {
        List<Variable> inEncoder = [], inDecoder = [], toSource = [];
        Run(source, sourceLengths, targetInput, inEncoder, inDecoder, toSource);
        return new TransformerAttention(inEncoder, inDecoder, toSource);
    }

    /// <inheritdoc/>
    public override EncoderDecoderStream NewStream(IndexTensor source, IndexTensor? sourceLengths, int beams = 1) =>
        new TransformerStream(this, source, sourceLengths, beams);

    /// <summary>The keys and values of the sources for each layer of the decoder, each of shape (B, M, S, K).</summary>
    internal (Variable Keys, Variable Values)[] Encode(IndexTensor sources, IndexTensor? lengths,
        List<Variable>? weights, bool isInference)
    {
        Check(sources, "source", "S");
        var pass = new TransformerPass
        {
            Options = new AttentionOptions { KeyLengths = lengths },
            Weights = weights,
            IsInference = isInference,
        };
        return decoder.ProjectKeys(encoder.Forward(source.Forward(sources, pass), pass));
    }

    /// <summary>The logits after the last of some target tokens that come after those in the caches, shape (B, V).</summary>
    internal Variable PredictNext(IndexTensor tokens, (Variable Keys, Variable Values)[] sources, TransformerPass pass)
    {
        var hidden = decoder.Forward(target.Forward(tokens, pass), sources, pass);
        return head.Forward(hidden.Select(1, tokens.Shape[1] - 1));
    }

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">A file, a checkpoint, or the folder of one (see <see cref="ModelFile.Open"/>).</param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">There is no such model; the message says why.</exception>
    public static new Transformer Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    internal static Transformer Create(ModelFile file, RandomGenerator? random) =>
        new(file.ReadOptions(Models.OptionsJson.Default.TransformerOptions,
            new() { SourceVocabularySize = 0, TargetVocabularySize = 0 }), random ?? new RandomGenerator(0))
        {
            SourceTokenizer = file.ReadTokenizer(SourceTokenizerName),
            TargetTokenizer = file.ReadTokenizer(TargetTokenizerName),
        };

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

        var pass = new TransformerPass
        {
            Options = AttentionOptions.Causal,
            SourceOptions = new AttentionOptions { KeyLengths = lengths },
            Weights = inDecoder,
            SourceWeights = toSource,
            IsInference = isInference,
        };
        return head.Forward(decoder.Forward(target.Forward(targets, pass), keys, pass));
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
