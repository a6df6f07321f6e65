namespace SeqCore.Models;

/// <summary>
/// A decoder-only Transformer, with pre-norm blocks by default (Radford et al., "Language models are unsupervised multitask
/// learners", 2019): embeddings of tokens and positions, blocks of causal self-attention and feed-forward parts, a norm, a linear
/// head. Parameters have GPT-2's names: <c>transformer.wte.weight</c>, <c>transformer.h.0.attn.c_attn.weight</c> and so on,
/// <c>lm_head.weight</c>; linear weights are (O, I) as in nanoGPT, the transpose of Hugging Face's GPT-2
/// (<see cref="TransformerNames.Gpt2"/>).
/// </summary>
/// <example>
/// <code>
/// var characters = new CharacterTokenizer("abcdefghijklmnopqrstuvwxyz ");
/// var options = new GptOptions { VocabularySize = characters.Count, ModelSize = 32, HeadCount = 4, Layers = 2 };
/// using var model = new Gpt(options, new RandomGenerator(seed: 1)) { Tokenizer = characters };
/// var text = model.Generate("once upon a time", length: 10, Sampler.Greedy());   // untrained, so nonsense
/// Console.WriteLine(text.Length);                                                // 10
/// </code>
/// </example>
public sealed class Gpt : LanguageModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "gpt";
    internal const string OwnPartsKind = KindName + ModelKinds.OwnParts;
    private static readonly GptOptions defaults = new() { VocabularySize = 0 };
    private readonly TokenEmbedding embedding;
    private readonly TransformerStack stack;
    private readonly Linear head;

    /// <summary>
    /// Makes a model that is initialised as in nanoGPT: weights N(0, 0.02^2), with a deviation smaller by sqrt(2 L) before
    /// residual sums, and biases 0.
    /// </summary>
    /// <param name="options">The sizes and the configuration.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public Gpt(GptOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        var table = Register("tokens", NormalInitializer.Embedding(options.VocabularySize, options.ModelSize, random));
        embedding = options.NewEmbedding(table, RegisterIfAny("positions",
                TokenEmbedding.NewPositions(options.Positions, options.MaximumLength, options.ModelSize, random)),
            RegisterIfAny("dropout", options.Dropout > 0f ? new Dropout(options.Dropout, random) : null));
        stack = Register("stack", options.NewStack(RegisterIfAny("rotary", options.NewRotary()), random));
        head = Register("head", options.TieWeights
            ? new Linear(table.Weight, bias: false)
            : NormalInitializer.Linear(options.ModelSize, options.VocabularySize, random, bias: false));
    }

    /// <summary>The sizes and the configuration of the model.</summary>
    public GptOptions Options { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A model with custom parts has another kind: only
    /// <see cref="Load(string, Func{GptOptions, GptOptions}, RandomGenerator?)"/> can load it.
    /// </remarks>
    public override string FileKind => Options.HasCustomParts ? OwnPartsKind : KindName;

    internal override string DefaultOptionsJson =>
        Models.OptionsJson.Write(defaults, Models.OptionsJson.Default.GptOptions);

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(Options, Models.OptionsJson.Default.GptOptions);

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    /// <inheritdoc/>
    public override int? MaximumLength => Options.MaximumLength;

    private protected override WeightNames Names => TransformerNames.NanoGpt;

    internal override bool? TiesWeights => Options.TieWeights;

    /// <inheritdoc/>
    public override Variable Predict(IndexTensor tokens)
    {
        Options.Check(tokens, Kind);
        return head.Forward(Hidden(tokens, new MixerPass()));
    }

    /// <summary>
    /// Computes the attention weights of each layer, for inspection: by the definition, with the whole matrix of weights, in
    /// evaluation mode whatever the model's mode.
    /// </summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <returns>The weights of each layer, shape (B, N, T, T), whose rows add up to 1.</returns>
    public IReadOnlyList<Variable> AttentionWeights(IndexTensor tokens)
    {
        Options.Check(tokens, Kind);
        using var inference = InferenceScope.Open();
        var weights = new List<Variable>();
        Hidden(tokens, new MixerPass { Weights = weights, IsInference = true });
        return weights;
    }

    /// <inheritdoc/>
    public override TokenStream NewStream(int batchSize = 1) => new GptStream(this, batchSize);

    internal MixerState[] NewStates(int batchSize) => stack.NewStates(batchSize);

    /// <summary>Computes the logits after the last of some tokens that follow those of earlier steps, shape (B, V).</summary>
    internal Variable PredictNext(IndexTensor tokens, CachedSteps steps)
    {
        var hidden = Hidden(tokens, steps.Pass, steps.States);
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
    public static new Gpt Load(string path, RandomGenerator? random = null) =>
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
    public static Gpt Load(string path, Func<GptOptions, GptOptions> complete, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(complete);
        return ModelFile.Load(path, OwnPartsKind, f => Create(f, random, complete));
    }

    internal static Gpt Create(ModelFile file, RandomGenerator? random, Func<GptOptions, GptOptions>? complete = null)
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.GptOptions, defaults);
        return new Gpt(complete?.Invoke(options) ?? options, random ?? new RandomGenerator(0))
        {
            Tokenizer = file.ReadTokenizer(),
        };
    }

    private Variable Hidden(IndexTensor tokens, MixerPass pass, IReadOnlyList<MixerState>? states = null) =>
        stack.Forward(embedding.Forward(tokens, pass), pass, states);
}
