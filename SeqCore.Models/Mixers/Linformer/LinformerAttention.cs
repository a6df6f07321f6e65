namespace SeqCore.Models;

/// <summary>
/// Attention to a few projections of the keys and values over the length (Wang, Li, Khabsa, Fang and Ma, "Linformer:
/// self-attention with linear complexity", arXiv:2006.04768):
/// <code>
/// y = softmax(q (E k)' / sqrt(K)) F v
/// </code>
/// with E and F of shape (R, T), so that its cost grows with T R and not with T squared. Each projected key mixes all steps, so
/// it is a form for encoders: a causal pass is refused. Sequences that are shorter than T use the first columns of E and F; keys
/// beyond the length of a sequence count as 0. The projection is <c>projection</c>, beside those to queries, keys and values.
/// </summary>
/// <remarks>
/// E and F may be shared: between the heads, between keys and values, and between layers, which are given one
/// <see cref="LinformerProjection"/>.
/// </remarks>
/// <example>
/// <code>
/// var random = new RandomGenerator(seed: 1);
/// var projection = new LinformerProjection(length: 2048, rank: 64, random);      // shared by both layers
/// var encoder = new TransformerStack(2, new TransformerBlockOptions
/// {
///     ModelSize = 32,
///     HeadCount = 4,
///     FeedForwardSize = 64,
///     NewMixer = (block, r) => new LinformerAttention(block.ModelSize, block.HeadCount, projection, r),
/// }, random);
/// var x = Tensor.RandomNormal([1, 2048, 32], random);
/// Console.WriteLine(encoder.Forward(x).Shape);     // (1, 2048, 32)
/// </code>
/// </example>
public sealed class LinformerAttention : ProjectedMixer
{
    /// <summary>Makes a layer and draws its initial values.</summary>
    /// <param name="modelSize">The width of the sequences, D, at least 1.</param>
    /// <param name="headCount">The number of heads, N, at least 1 and a divisor of D.</param>
    /// <param name="projection">The projection over the length, which several layers may share.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="options">The configuration of the projections to heads; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A size is out of range, sizes do not divide, or the projection is for another number of heads.
    /// </exception>
    public LinformerAttention(int modelSize, int headCount, LinformerProjection projection, RandomGenerator random,
        ProjectedMixerOptions? options = null)
        : base(modelSize, headCount, random, options)
    {
        ArgumentNullException.ThrowIfNull(projection);
        if (projection.HeadCount != 1 && projection.HeadCount != headCount)
        {
            throw new ArgumentException($"{Kind}: the projection should be for 1 or {headCount} heads; it is for"
                + $" {projection.HeadCount}.", nameof(projection));
        }

        Projection = Register("projection", projection);
    }

    /// <summary>The projection over the length.</summary>
    public LinformerProjection Projection { get; }

    private protected override string WhyNotCausal => "each projected key mixes all steps, later ones too.";

    private protected override Variable Mix(Variable query, Variable key, Variable value, MixerPass pass)
    {
        var lengths = pass.Options.KeyLengths;
        return Variable.Attention(query, Projection.Keys(Within(lengths, key)), Projection.Values(Within(lengths, value)));
    }
}
