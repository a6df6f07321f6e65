namespace SeqCore.Models;

/// <summary>
/// Attention whose cost grows linearly with the number of steps: the weight of a key is a product of features f(q) f(k) in place
/// of e^(q k), so that the sums over keys can be taken first (Katharopoulos et al., "Transformers are RNNs", arXiv:2006.16236):
/// <code>
/// y_i = f(q_i) S_i / (f(q_i) z_i),   S_i = sum_j f(k_j)' v_j,   z_i = sum_j f(k_j)
/// </code>
/// over all keys, or, in a causal pass, over those up to i. A causal pass takes chunks of 64 steps: all pairs within a chunk, and
/// S and z from chunk to chunk. A stream keeps S and z alone, so that its memory does not grow. With
/// <see cref="EluFeatures"/> it is the linear attention of the paper, with <see cref="PositiveRandomFeatures"/> the Performer.
/// Parameters are <c>in_proj.weight</c>, shape (3 D, D), <c>in_proj.bias</c>, <c>out_proj.weight</c> and <c>out_proj.bias</c>;
/// the features are <c>features</c>.
/// </summary>
/// <remarks>
/// Weights of pairs are never there, so they can be neither returned nor dropped, and keys cannot be hidden from single queries
/// except by causality: windows, patterns, masks and biases are refused.
/// </remarks>
/// <example>
/// <code>
/// var random = new RandomGenerator(seed: 1);
/// var gpt = new Gpt(new GptOptions
/// {
///     VocabularySize = 100,
///     MaximumLength = 4096,
///     ModelSize = 32,
///     HeadCount = 4,
///     Layers = 2,
///     NewMixer = (block, r) => new LinearAttention(block.ModelSize, block.HeadCount, new EluFeatures(), r),
/// }, random);
/// var tokens = IndexTensor.Arange(4096).Reshape(1, 4096).Clamp(0, 99);
/// Console.WriteLine(gpt.Predict(tokens).Shape);     // (1, 4096, 100)
/// </code>
/// </example>
public sealed class LinearAttention : Module, ISequenceMixer
{
    private readonly Linear input;
    private readonly Linear output;
    private readonly int featureCount;

    /// <summary>Makes a layer and draws its initial values.</summary>
    /// <param name="modelSize">The width of the sequences, D, at least 1.</param>
    /// <param name="headCount">The number of heads, N, at least 1 and a divisor of D.</param>
    /// <param name="features">The features, which the layer owns from then on.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="options">The further configuration; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is out of range, or sizes do not divide.</exception>
    public LinearAttention(int modelSize, int headCount, FeatureMap features, RandomGenerator random,
        LinearAttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new LinearAttentionOptions();
        Argument.AtLeast(modelSize, Kind, nameof(modelSize));
        Argument.AtLeast(headCount, Kind, nameof(headCount));
        if (modelSize % headCount != 0)
        {
            throw new ArgumentException($"{Kind}: the model's width should be a multiple of the number of heads; got {modelSize}"
                + $" and {headCount}.", nameof(headCount));
        }

        (ModelSize, HeadCount, featureCount) = (modelSize, headCount, features.Count(modelSize / headCount));
        Features = Register("features", features);
        input = Register("in_proj",
            NormalInitializer.Linear(modelSize, SizeLimitException.Check($"{Kind}: queries, keys and values side by side,"
                + $" D = {modelSize}", 3L * modelSize), random, Options.Bias, Options.Deviation));
        foreach (var parameter in input.Parameters())
            parameter.Parts = [modelSize, modelSize, modelSize];
        output = Register("out_proj",
            NormalInitializer.Linear(modelSize, modelSize, random, Options.Bias, Options.OutputDeviation));
    }

    /// <summary>The configuration of the layer.</summary>
    public LinearAttentionOptions Options { get; }

    /// <summary>The features of queries and keys.</summary>
    public FeatureMap Features { get; }

    /// <summary>The width of the sequences, D.</summary>
    public int ModelSize { get; }

    /// <summary>The number of heads, N.</summary>
    public int HeadCount { get; }

    /// <summary>The number of elements of a head, K.</summary>
    public int HeadSize => ModelSize / HeadCount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The options hide keys from single queries other than by causality, or change scores, or weights are requested.
    /// </exception>
    public Variable Forward(Variable x, MixerPass pass)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(pass);
        if (x.Shape.Rank != 3 || x.Shape[2] != ModelSize)
            throw ShapeException.Wrong(Kind, nameof(x), $"(B, T, D) with D = {ModelSize}", x.Shape);
        Check(pass);
        var parts = input.Forward(x).Split([ModelSize, ModelSize, ModelSize], -1);
        var (q, k) = (Features.OfQueries(Heads(parts[0])), Features.OfKeys(Heads(parts[1])));
        var v = Heads(parts[2]);
        if (pass.Options.KeyLengths is { } lengths)
            k = k.MaskedFill(!BoolTensor.LengthMask(lengths, x.Shape[1]).Reshape(x.Shape[0], 1, x.Shape[1], 1), 0f);
        var y = pass.State is LinearAttentionState state ? state.Read(q, k, v)
            : pass.Options.IsCausal ? LinearProduct.Causal(q, k, v, null)
            : LinearProduct.Full(q, k, v);
        return output.Forward(y.Transpose(1, 2).Reshape(x.Shape));
    }

    /// <inheritdoc/>
    public MixerState NewState(int batchSize, AttentionOptions options)
    {
        Argument.AtLeast(batchSize, Kind, nameof(batchSize));
        ArgumentNullException.ThrowIfNull(options);
        if (!options.IsCausal)
        {
            throw new NotSupportedException($"{Kind}: a stream reads a step before the later ones are known, so attention should"
                + $" be causal; set {nameof(AttentionOptions.IsCausal)}.");
        }

        return new LinearAttentionState(batchSize, HeadCount, featureCount, HeadSize, input.Weight.Value.Backend);
    }

    private Variable Heads(Variable x) =>
        x.Reshape(x.Shape[0], x.Shape[1], HeadCount, HeadSize).Transpose(1, 2);

    private void Check(MixerPass pass)
    {
        if (pass.Weights is not null)
            throw new NotSupportedException($"{Kind}: it has no weights of pairs that could be returned.");
        var options = pass.Options;
        var refused = options switch
        {
            { Window: > 0 } => nameof(options.Window),
            { Pattern: not null } => nameof(options.Pattern),
            { Bias: not null } => nameof(options.Bias),
            { Allowed: not null } => nameof(options.Allowed),
            { Slopes: not null } => nameof(options.Slopes),
            { Softcap: not null } => nameof(options.Softcap),
            { ScoreModification: not null } => nameof(options.ScoreModification),
            { Dropout: > 0f } => nameof(options.Dropout),
            _ => null,
        };
        if (refused is not null)
        {
            throw new ArgumentException($"{Kind}: it has no weights of pairs, which {refused} would change; it supports"
                + $" {nameof(options.IsCausal)} and {nameof(options.KeyLengths)}. Leave it out, or use"
                + $" {nameof(MultiHeadAttention)}.", nameof(pass));
        }
    }
}
