using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A decoder-only Transformer with pre-norm blocks (Radford et al., "Language models are unsupervised multitask learners", 2019):
/// embeddings of tokens and positions, blocks of causal self-attention and feed-forward parts, a norm, a linear head. Parameters
/// have GPT-2's names: <c>transformer.wte.weight</c>, <c>transformer.h.0.attn.c_attn.weight</c> and so on, <c>lm_head.weight</c>;
/// linear weights are (O, I) as in nanoGPT, the transpose of Hugging Face's GPT-2.
/// </summary>
public sealed class Gpt : LanguageModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "gpt";
    private readonly GptBody body;
    private readonly Linear head;

    /// <summary>
    /// A model with nanoGPT's first values: N(0, 0.02^2), before residual sums narrower by sqrt(2 L), biases 0.
    /// </summary>
    /// <param name="options">Size and form.</param>
    /// <param name="random">Draws the first values and the masks of dropout; its state is part of a checkpoint.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public Gpt(GptOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        body = Register("transformer", new GptBody(options, random));
        head = Register("lm_head", options.TieWeights
            ? new Linear(body.Tokens.Weight, bias: false)
            : TransformerInitializer.Linear(options.ModelSize, options.VocabularySize, random, bias: false));
        Causal = AttentionOptions.Causal with { Window = options.Window };
    }

    /// <summary>Size and form.</summary>
    public GptOptions Options { get; }

    /// <inheritdoc/>
    public override string FileKind => KindName;

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(Options, Models.OptionsJson.Default.GptOptions);

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    /// <inheritdoc/>
    public override int? MaximumLength => Options.MaximumLength;

    internal IEnumerable<AttentionHeads> Heads => body.Blocks.Select(b => b.Attention.Heads);

    private AttentionOptions Causal { get; }

    /// <inheritdoc/>
    public override Variable Predict(IndexTensor tokens)
    {
        Check(tokens);
        return head.Forward(body.Forward(tokens, new TransformerPass { Options = Causal }));
    }

    /// <summary>
    /// What each token attends to in each layer, for looking at: by the definition, with the whole matrix of weights, in
    /// evaluation mode whatever the model's.
    /// </summary>
    /// <param name="tokens">Shape (B, T), each in [0, V).</param>
    /// <returns>For each layer: shape (B, N, T, T), rows that add up to 1.</returns>
    public IReadOnlyList<Variable> AttentionWeights(IndexTensor tokens)
    {
        Check(tokens);
        var weights = new List<Variable>();
        body.Forward(tokens, new TransformerPass { Options = Causal, Weights = weights, IsInference = true });
        return weights;
    }

    /// <inheritdoc/>
    public override TokenStream NewStream(int batchSize = 1) => new GptStream(this, batchSize);

    /// <summary>The logits after the last of some tokens that come after those in the caches, shape (B, V).</summary>
    internal Variable PredictNext(IndexTensor tokens, IReadOnlyList<KeyValueCache> caches)
    {
        var hidden = body.Forward(tokens,
            new TransformerPass { Options = Causal, Caches = caches, Position = caches[0].Position, IsInference = true });
        return head.Forward(hidden.Select(1, tokens.Shape[1] - 1));
    }

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">A file, a checkpoint, or the folder of one (see <see cref="ModelFile.Open"/>).</param>
    /// <param name="random">Draws the masks of dropout if the model is trained on; null for a generator of seed 0.</param>
    /// <exception cref="CheckpointException">There is no such model; the message says why.</exception>
    public static new Gpt Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    internal static Gpt Create(ModelFile file, RandomGenerator? random) =>
        new(file.ReadOptions(Models.OptionsJson.Default.GptOptions, new() { VocabularySize = 0 }),
            random ?? new RandomGenerator(0))
        {
            Tokenizer = file.ReadTokenizer(),
        };

    private void Check(IndexTensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2 || tokens.Shape[1] > MaximumLength)
        {
            throw ShapeException.Wrong(Kind, "tokens",
                MaximumLength is { } most ? $"(B, T) with T at most {most}" : "(B, T)", tokens.Shape);
        }
    }
}
