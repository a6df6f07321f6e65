namespace SeqCore.Models;

/// <summary>
/// Predicts the next token of a text with an embedding, recurrent layers and a linear layer (Mikolov et al., "Recurrent neural
/// network based language model", Interspeech 2010). Parameters are named <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> (or
/// <c>gru.</c>, <c>rnn.</c>, or <c>recurrent.</c> for custom layers) and so on, <c>head.weight</c> and <c>head.bias</c>.
/// </summary>
/// <example>
/// <code>
/// var options = new RecurrentLanguageModelOptions { VocabularySize = 50, Kind = RecurrentKind.Gru, HiddenSize = 32 };
/// using var model = new RecurrentLanguageModel(options, new RandomGenerator(seed: 1));
/// using var tokens = IndexTensor.FromArray(new[,] { { 4, 8, 15, 16 } });
/// using var scope = new TensorScope();
/// var (_, state) = model.Forward(tokens[.., ..2]);
/// var (logits, _) = model.Forward(tokens[.., 2..], state);   // goes on where the first half ended
/// Console.WriteLine(logits.Shape);                           // (1, 2, 50)
/// </code>
/// </example>
public sealed class RecurrentLanguageModel : LanguageModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "recurrent-language-model";
    internal const string OwnPartsKind = KindName + ModelKinds.OwnParts;
    private readonly Layer? dropout;

    /// <summary>Makes a model with PyTorch's initialisation; a tied table starts uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="options">The sizes, the kind of layers and the regularisation.</param>
    /// <param name="random">
    /// The generator that draws the initial weights and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, tied weights differ in size, or custom layers are of other sizes.
    /// </exception>
    public RecurrentLanguageModel(RecurrentLanguageModelOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        Embedding = Register("embedding", new Embedding(options.VocabularySize, options.EmbeddingSize, random));
        var (name, layer) = options.Kind.NewLayer(options.NewLayer, Kind, options.EmbeddingSize, options.HiddenSize, random,
            options.Layer);
        Recurrent = Register(name, layer);
        Head = Register("head", options.TieWeights
            ? new Linear(Embedding.Weight)
            : new Linear(layer.OutputSize, options.VocabularySize, random));
        if (options.TieWeights)
        {
            Initializer.Uniform(Embedding.Weight.Value, -1f / MathF.Sqrt(options.HiddenSize),
                1f / MathF.Sqrt(options.HiddenSize), random);
        }

        if (options.Dropout > 0f)
        {
            dropout = Register<Layer>("dropout",
                options.LockedDropout ? new LockedDropout(options.Dropout, random) : new Dropout(options.Dropout, random));
        }
    }

    /// <summary>The sizes, the kind of layers and the regularisation.</summary>
    public RecurrentLanguageModelOptions Options { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A model with custom layers has another kind: only
    /// <see cref="Load(string, Func{RecurrentLanguageModelOptions, RecurrentLanguageModelOptions}, RandomGenerator?)"/> can load
    /// it.
    /// </remarks>
    public override string FileKind => Options.NewLayer is null ? KindName : OwnPartsKind;

    /// <inheritdoc/>
    protected internal override string OptionsJson =>
        Models.OptionsJson.Write(Options, Models.OptionsJson.Default.RecurrentLanguageModelOptions);

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    internal override bool? TiesWeights => Options.TieWeights;

    /// <inheritdoc/>
    public override int? MaximumLength => null;

    /// <summary>The embedding, which maps tokens to vectors of E elements.</summary>
    public Embedding Embedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentLayer Recurrent { get; }

    /// <summary>The linear layer from hidden states to logits.</summary>
    public Linear Head { get; }

    /// <summary>Predicts the next token at each step.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="state">The state before the first step; null for 0.</param>
    /// <returns>The logits, shape (B, T, V), and the state after the last step.</returns>
    /// <exception cref="ShapeException">The tokens or the state do not have the required shape.</exception>
    public (Variable Logits, RecurrentState State) Forward(IndexTensor tokens, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw ShapeException.Wrong(Kind, "tokens", "(B, T)", tokens.Shape);
        var (hidden, next) = Recurrent.Forward(Drop(Embedding.Forward(tokens)), state);
        return (Head.Forward(Drop(hidden)), next);
    }

    /// <inheritdoc/>
    public override Variable Predict(IndexTensor tokens) => Forward(tokens).Logits;

    /// <inheritdoc/>
    public override LanguageModelStream NewStream(int batchSize = 1) => new(this, batchSize);

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static new RecurrentLanguageModel Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    /// <summary>Loads a model that has custom layers, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="complete">
    /// Sets <see cref="RecurrentLanguageModelOptions.NewLayer"/>, which a file does not hold.
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static RecurrentLanguageModel Load(string path,
        Func<RecurrentLanguageModelOptions, RecurrentLanguageModelOptions> complete, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(complete);
        return ModelFile.Load(path, OwnPartsKind, f => Create(f, random, complete));
    }

    internal static RecurrentLanguageModel Create(ModelFile file, RandomGenerator? random,
        Func<RecurrentLanguageModelOptions, RecurrentLanguageModelOptions>? complete = null)
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.RecurrentLanguageModelOptions, new() { VocabularySize = 0 });
        return new RecurrentLanguageModel(complete?.Invoke(options) ?? options, random ?? new RandomGenerator(0))
        {
            Tokenizer = file.ReadTokenizer(),
        };
    }

    private Variable Drop(Variable x) => dropout?.Forward(x) ?? x;
}
