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
/// The features are <c>features</c>, beside the projections.
/// </summary>
/// <remarks>
/// Weights of pairs of steps are never there, so they can be neither returned nor dropped, and keys cannot be hidden from single
/// queries except by causality: windows, patterns, masks and biases are refused.
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
public sealed class LinearAttention : ProjectedMixer
{
    private readonly int featureCount;

    /// <summary>Makes a layer and draws its initial values.</summary>
    /// <param name="modelSize">The width of the sequences, D, at least 1.</param>
    /// <param name="headCount">The number of heads, N, at least 1 and a divisor of D.</param>
    /// <param name="features">The features of queries and keys.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="options">The configuration of the projections; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is out of range, or sizes do not divide.</exception>
    public LinearAttention(int modelSize, int headCount, FeatureMap features, RandomGenerator random,
        ProjectedMixerOptions? options = null)
        : base(modelSize, headCount, random, options)
    {
        ArgumentNullException.ThrowIfNull(features);
        featureCount = features.Count(HeadSize);
        Features = Register("features", features);
    }

    /// <summary>The features of queries and keys.</summary>
    public FeatureMap Features { get; }

    /// <inheritdoc/>
    public override MixerState NewState(int batchSize, AttentionOptions options)
    {
        Argument.AtLeast(batchSize, Kind, nameof(batchSize));
        ArgumentNullException.ThrowIfNull(options);
        if (!options.IsCausal)
        {
            throw new NotSupportedException($"{Kind}: a stream reads a step before the later ones are known, so attention should"
                + $" be causal; set {nameof(AttentionOptions.IsCausal)}.");
        }

        return new LinearAttentionState(batchSize, HeadCount, featureCount, HeadSize,
            Parameters().First().Value.Backend);
    }

    private protected override Variable Mix(Variable query, Variable key, Variable value, MixerPass pass)
    {
        var (q, k) = (Features.OfQueries(query), Within(pass.Options.KeyLengths, Features.OfKeys(key)));
        return pass.State is LinearAttentionState state ? state.Read(q, k, value)
            : pass.Options.IsCausal ? LinearProduct.Causal(q, k, value, null)
            : LinearProduct.Full(q, k, value);
    }
}
