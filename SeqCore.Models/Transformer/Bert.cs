using System.Diagnostics.CodeAnalysis;

namespace SeqCore.Models;

/// <summary>
/// An encoder-only Transformer that sees the tokens on both sides of a token (Devlin, Chang, Lee and Toutanova, "BERT:
/// Pre-training of Deep Bidirectional Transformers for Language Understanding", arXiv:1810.04805), with a head that predicts
/// hidden tokens and an optional one that classifies sequences. Parameters have the names of Hugging Face's BERT, so that
/// published weights load unchanged: <c>bert.embeddings.word_embeddings.weight</c>,
/// <c>bert.encoder.layer.0.attention.self.query.weight</c> and so on.
/// </summary>
public sealed class Bert : MaskedLanguageModel
{
    /// <summary>The name of this kind of model in files.</summary>
    public const string KindName = "bert";
    internal const string OwnPartsKind = KindName + ModelKinds.OwnParts;
    private static readonly BertOptions defaults = new() { VocabularySize = 0 };
    private readonly TokenEmbedding embedding;
    private readonly Embedding segments;
    private readonly LayerNorm norm;
    private readonly TransformerStack stack;
    private readonly BertTokenHead tokenHead;
    private readonly Linear? pooler;
    private readonly Linear? classifier;
    private readonly Dropout? dropout;

    /// <summary>Makes a model with weights N(0, 0.02^2) and biases 0.</summary>
    /// <param name="options">The sizes and the configuration.</param>
    /// <param name="random">
    /// The generator that draws the initial values and the masks of dropout; its state is part of a checkpoint.
    /// </param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public Bert(BertOptions options, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check(Kind);
        Options = options;
        var size = options.ModelSize;
        var table = Register("tokens", NormalInitializer.Embedding(options.VocabularySize, size, random));
        embedding = options.NewEmbedding(table, RegisterIfAny("positions",
            TokenEmbedding.NewPositions(options.Positions, options.MaximumLength, size, random)), dropout: null);
        segments = Register("segments", NormalInitializer.Embedding(options.SegmentCount, size, random));
        norm = Register("norm", new LayerNorm(size, options.Epsilon));
        dropout = RegisterIfAny("dropout", options.Dropout > 0f ? new Dropout(options.Dropout, random) : null);
        stack = Register("stack", options.NewStack(RegisterIfAny("rotary", options.NewRotary()), random));
        tokenHead = Register("token_head", new BertTokenHead(options, table, random));
        if (options.ClassCount == 0)
            return;
        pooler = Register("pooler", NormalInitializer.Linear(size, size, random));
        classifier = Register("classifier", NormalInitializer.Linear(size, options.ClassCount, random));
    }

    /// <summary>The sizes and the configuration of the model.</summary>
    public BertOptions Options { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A model with custom parts has another kind: only
    /// <see cref="Load(string, Func{BertOptions, BertOptions}, RandomGenerator?)"/> can load it.
    /// </remarks>
    public override string FileKind => Options.HasCustomParts ? OwnPartsKind : KindName;

    internal override string DefaultOptionsJson =>
        Models.OptionsJson.Write(defaults, Models.OptionsJson.Default.BertOptions);

    /// <inheritdoc/>
    protected internal override string OptionsJson => Models.OptionsJson.Write(Options, Models.OptionsJson.Default.BertOptions);

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    /// <inheritdoc/>
    public override int? MaximumLength => Options.MaximumLength;

    private protected override WeightNames Names => TransformerNames.Bert;

    /// <inheritdoc/>
    public override Variable Encode(IndexTensor tokens, IndexTensor? lengths = null) => Encode(tokens, lengths, null);

    /// <summary>Computes a hidden vector for each token in its context, for sequences of several segments.</summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">
    /// The number of tokens of each sequence, shape (B,), in [0, T]; later ones are padding that no token sees. Null for T in
    /// all.
    /// </param>
    /// <param name="segments">The segment of each token, shape (B, T); null for segment 0.</param>
    /// <returns>The hidden vectors, shape (B, T, D).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape, or T is above the model's maximum.</exception>
    public Variable Encode(IndexTensor tokens, IndexTensor? lengths, IndexTensor? segments) =>
        Encode(tokens, lengths, segments, null);

    /// <inheritdoc/>
    public override Variable PredictTokens(Variable hidden)
    {
        CheckHidden(hidden);
        return tokenHead.Forward(hidden);
    }

    /// <summary>
    /// Computes the logits of the classes of whole sequences: a linear layer over tanh of another one over the first token's
    /// vector.
    /// </summary>
    /// <param name="hidden">The hidden vectors from <see cref="Encode(IndexTensor, IndexTensor)"/>, shape (B, T, D).</param>
    /// <returns>The logits, shape (B, C).</returns>
    /// <exception cref="InvalidOperationException">The model was made without classes.</exception>
    /// <exception cref="ShapeException">The tensor does not have the required shape.</exception>
    public Variable Classify(Variable hidden)
    {
        if (classifier is null)
        {
            throw new InvalidOperationException("Bert: this model has no classes."
                + $" Make one with {nameof(BertOptions)}.{nameof(BertOptions.ClassCount)}.");
        }

        CheckHidden(hidden);
        if (hidden.Shape.Rank != 3 || hidden.Shape[1] == 0)
        {
            throw ShapeException.Wrong(Kind, nameof(hidden),
                $"(B, T, D) = (B, T, {Options.ModelSize}) with T at least 1", hidden.Shape);
        }

        var pooled = pooler!.Forward(hidden.Select(1, 0)).Tanh();
        return classifier.Forward(dropout?.Forward(pooled) ?? pooled);
    }

    /// <summary>
    /// Computes the attention weights of each layer, for inspection: by the definition, with the whole matrix of weights, in
    /// evaluation mode whatever the model's mode.
    /// </summary>
    /// <param name="tokens">The tokens, shape (B, T), each in [0, V).</param>
    /// <param name="lengths">The number of tokens of each sequence, shape (B,), or null.</param>
    /// <param name="segments">The segment of each token, shape (B, T), or null.</param>
    /// <returns>The weights of each layer, shape (B, N, T, T), whose rows add up to 1.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape, or T is above the model's maximum.</exception>
    public IReadOnlyList<Variable> AttentionWeights(IndexTensor tokens, IndexTensor? lengths = null, IndexTensor? segments = null)
    {
        using var inference = InferenceScope.Open();
        var weights = new List<Variable>();
        Encode(tokens, lengths, segments, weights);
        return weights;
    }

    /// <summary>Loads a model that <see cref="Model.Save"/> wrote, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static Bert Load(string path, RandomGenerator? random = null) =>
        ModelFile.Load(path, KindName, f => Create(f, random));

    /// <summary>Makes the model that an open file holds, in evaluation mode.</summary>
    /// <param name="file">An open model file.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The file holds another kind of model.</exception>
    public static Bert Load(ModelFile file, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Make(KindName, f => Create(f, random));
    }

    /// <summary>Loads a model that has custom parts, in evaluation mode.</summary>
    /// <param name="path">
    /// The path of a model file or a checkpoint, or of a folder with checkpoints (see <see cref="ModelFile.Open"/>).
    /// </param>
    /// <param name="complete">Sets the options that a file does not hold, which make the custom parts.</param>
    /// <param name="random">
    /// The generator that draws dropout masks if the model is trained further; null for one with seed 0.
    /// </param>
    /// <exception cref="CheckpointException">The model cannot be read; the message gives the reason.</exception>
    public static Bert Load(string path, Func<BertOptions, BertOptions> complete, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(complete);
        return ModelFile.Load(path, OwnPartsKind, f => Create(f, random, complete));
    }

    internal static Bert Create(ModelFile file, RandomGenerator? random, Func<BertOptions, BertOptions>? complete = null)
    {
        var options = file.ReadOptions(Models.OptionsJson.Default.BertOptions, defaults);
        return new Bert(complete?.Invoke(options) ?? options, random ?? new RandomGenerator(0))
        {
            Tokenizer = file.ReadTokenizer(),
        };
    }

    private Variable Encode(IndexTensor tokens, IndexTensor? lengths, IndexTensor? segments, List<Variable>? weights)
    {
        Options.Check(tokens, Kind);
        if (segments is not null && !segments.Shape.Equals(tokens.Shape))
        {
            throw ShapeException.Wrong(Kind, nameof(segments), $"(B, T) = {tokens.Shape}", segments.Shape,
                $"tokens is {tokens.Shape}");
        }

        var pass = new MixerPass
        {
            Options = new AttentionOptions { KeyLengths = lengths },
            Weights = weights,
            IsInference = weights is not null,
        };
        var x = embedding.Sum(tokens);
        x += segments is null ? this.segments.Weight.Select(0, 0) : this.segments.Forward(segments);
        return stack.Forward(pass.Drop(norm.Forward(Padding.Clear(x, pass.Options)), dropout), pass);
    }

    private void CheckHidden([NotNull] Variable? hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (hidden.Shape.Rank < 1 || hidden.Shape[-1] != Options.ModelSize)
            throw ShapeException.Wrong(Kind, nameof(hidden), $"(..., D) = (..., {Options.ModelSize})", hidden.Shape);
    }
}
