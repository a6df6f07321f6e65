namespace SeqCore.Models;

/// <summary>
/// Positive orthogonal random features, whose products are e^(q k / sqrt(K)) on average, so that
/// <see cref="LinearAttention"/> with them approximates softmax attention (FAVOR+: Choromanski et al., "Rethinking attention
/// with Performers", arXiv:2009.14794). With x' = x / K^(1/4) and F random directions w,
/// <code>
/// f(x)_i = e^(w_i x' - |x'|^2 / 2) / sqrt(F)
/// </code>
/// Directions are drawn in groups of K that are orthogonal to each other, each with the length of a normal vector. They are the
/// buffer <c>directions</c>, shape (F, K), which is saved and not trained. For queries, the greatest exponent is subtracted,
/// which no result depends on.
/// </summary>
public sealed class PositiveRandomFeatures : FeatureMap
{
    /// <summary>Sums of features beyond e^40 could leave the range of float32 in products with values.</summary>
    private const double LargestExponent = 40;

    private readonly Parameter directions;

    /// <summary>Draws the directions.</summary>
    /// <param name="headSize">The number of elements of a head, K, at least 1.</param>
    /// <param name="featureCount">The number of features, F, at least 1; more make the approximation better.</param>
    /// <param name="random">The generator that draws the directions.</param>
    public PositiveRandomFeatures(int headSize, int featureCount, RandomGenerator random)
    {
        Argument.AtLeast(headSize, Kind, nameof(headSize));
        Argument.AtLeast(featureCount, Kind, nameof(featureCount));
        ArgumentNullException.ThrowIfNull(random);
        (HeadSize, FeatureCount) = (headSize, featureCount);
        directions = RegisterBuffer("directions", Tensor.Zeros(WeightLimit.For(Kind, featureCount, headSize)));
        Redraw(random);
    }

    /// <summary>The number of elements of a head, K.</summary>
    public int HeadSize { get; }

    /// <summary>The number of features, F.</summary>
    public int FeatureCount { get; }

    /// <summary>The directions, shape (F, K).</summary>
    public Tensor Directions => directions.Value;

    /// <inheritdoc/>
    public override int Count(int headSize) => headSize == HeadSize
        ? FeatureCount
        : throw new ArgumentException($"{Kind}: the directions are for heads of {HeadSize}; got {headSize}.", nameof(headSize));

    /// <summary>
    /// Draws the directions again, such as every thousand steps of training, so that weights do not adapt to one draw.
    /// </summary>
    /// <param name="random">The generator that draws the directions.</param>
    public void Redraw(RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        using var scope = new TensorScope("directions");
        for (var first = 0; first < FeatureCount; first += HeadSize)
        {
            var count = Math.Min(HeadSize, FeatureCount - first);
            var lengths = Initializer.Normal(Tensor.Zeros([HeadSize, HeadSize]), 0f, 1f, random).Square()
                .Sum(1, keepDimensions: true).Sqrt();
            var group = (Initializer.Orthogonal(Tensor.Zeros([HeadSize, HeadSize]), random) * lengths).ToArray();
            directions.Value.Slice(0, first, count).CopyFrom(group.AsSpan(0, count * HeadSize));
        }
    }

    /// <inheritdoc/>
    public override Variable OfQueries(Variable x)
    {
        var exponents = Exponents(x);
        return Scaled((exponents - exponents.Value.Max(-1, keepDimensions: true)).Exp());
    }

    /// <inheritdoc/>
    public override Variable OfKeys(Variable x) => Scaled((Exponents(x) - Shift()).Exp());

    private Variable Scaled(Variable features) => features * (1f / MathF.Sqrt(FeatureCount));

    /// <summary>w x' - |x'|^2 / 2 for each direction w, shape (B, N, T, F).</summary>
    private Variable Exponents(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var scaled = x * MathF.Pow(HeadSize, -0.25f);
        return Variable.MatMul(scaled, directions.Value.Transpose(0, 1)) - (scaled.Square().Sum(-1, keepDimensions: true) * 0.5f);
    }

    /// <summary>
    /// What is subtracted from the exponents of all keys, and so changes nothing: they are at most |w|^2 / 2, which leaves the
    /// range of float32 only for large heads.
    /// </summary>
    private float Shift()
    {
        var longest = directions.Value.Square().Sum(1).Max().Item();
        return (float)Math.Max(0, (longest / 2) - LargestExponent);
    }
}
