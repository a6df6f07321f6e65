namespace SeqCore.Models;

/// <summary>
/// Attention to near keys alone, which hashing finds (Kitaev, Kaiser and Levskaya, "Reformer: the efficient transformer",
/// arXiv:2001.04451): queries are the keys too, and keys have length 1. A vector's bucket is the place of the greatest element of
/// (x R, -x R) with a random rotation R, so that near vectors often share one. Steps are sorted by bucket and cut into chunks; a
/// step attends to the steps of its own bucket in its chunk and the one before, and to itself only if it is alone:
/// <code>
/// y_i = sum_r w_ir y_ir,   w_i = softmax over rounds r of log sum_j e^(q_i k_j / sqrt(K))
/// </code>
/// where y_ir is the attention of round r. Its cost grows with T log T. It is a form for encoders: a causal pass is refused.
/// Steps beyond the length of a sequence are seen by none of the others.
/// </summary>
/// <example>
/// <code>
/// var random = new RandomGenerator(seed: 1);
/// var block = new TransformerBlock(new TransformerBlockOptions
/// {
///     ModelSize = 32,
///     HeadCount = 4,
///     FeedForwardSize = 64,
///     NewMixer = (o, r) => new LshAttention(o.ModelSize, o.HeadCount, r, new LshAttentionOptions { Rounds = 2 }),
/// }, random);
/// Console.WriteLine(block.Forward(Tensor.RandomNormal([1, 1000, 32], random)).Shape);     // (1, 1000, 32)
/// </code>
/// </example>
public sealed class LshAttention : ProjectedMixer
{
    /// <summary>What a step's own score loses, so that it counts only where there is no other.</summary>
    private const float OwnPenalty = 1e5f;

    private ulong seed;

    /// <summary>Makes a layer and draws its initial values.</summary>
    /// <param name="modelSize">The width of the sequences, D, at least 1.</param>
    /// <param name="headCount">The number of heads, N, at least 1 and a divisor of D.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="hashing">The rounds, the chunks and the rotations; null for the defaults.</param>
    /// <param name="options">The configuration of the projections; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is out of range, or sizes do not divide.</exception>
    public LshAttention(int modelSize, int headCount, RandomGenerator random, LshAttentionOptions? hashing = null,
        ProjectedMixerOptions? options = null)
        : base(modelSize, headCount, random, options, sharesKeys: true)
    {
        Hashing = hashing ?? new LshAttentionOptions();
        Argument.AtLeast(Hashing.Rounds, Kind, nameof(Hashing.Rounds));
        Argument.AtLeast(Hashing.ChunkSize, Kind, nameof(Hashing.ChunkSize));
        seed = Hashing.Seed;
    }

    /// <summary>The rounds, the chunks and the seed of the first rotations.</summary>
    public LshAttentionOptions Hashing { get; }

    /// <summary>Draws other rotations from then on, such as for each step of training.</summary>
    /// <param name="next">The seed of the rotations.</param>
    public void Redraw(ulong next) => seed = next;

    private protected override string WhyNotCausal => "its buckets are sorted over the whole sequence.";

    private protected override Variable Mix(Variable query, Variable key, Variable value, MixerPass pass)
    {
        var (steps, chunk) = (query.Shape[2], Hashing.ChunkSize);
        var chunks = Math.Max(1, (steps + chunk - 1) / chunk);
        var padding = (chunks * chunk) - steps;
        if (padding > 0)
            (query, value) = (query.Pad(2, 0, padding), value.Pad(2, 0, padding));
        var exists = BoolTensor.LengthMask(pass.Options.KeyLengths ?? IndexTensor.FromSpan(
            [.. Enumerable.Repeat(steps, query.Shape[0])], new Shape(query.Shape[0]), query.Value.Backend), chunks * chunk);
        var random = new RandomGenerator(seed);
        var rounds = Enumerable.Range(0, Hashing.Rounds).Select(_ =>
            Round(query, value, Buckets(query.Value, exists, chunks, random), chunks)).ToArray();
        var weights = Variable.Stack([.. rounds.Select(r => r.LogSums)]).Softmax(0);
        var y = (Variable.Stack([.. rounds.Select(r => r.Result)]) * weights).Sum(0);
        return padding > 0 ? y.Slice(2, 0, steps) : y;
    }

    /// <summary>
    /// Returns the bucket of each step, shape (B, N, T); steps that are padding have one of their own, after the others.
    /// </summary>
    private IndexTensor Buckets(Tensor x, BoolTensor exists, int chunks, RandomGenerator random)
    {
        var half = Math.Max(1, chunks / 2);
        var rotation = Tensor.RandomNormal([HeadSize, half], random, backend: x.Backend);
        var rotated = Tensor.MatMul(x, rotation);
        var buckets = chunks == 1
            ? IndexTensor.FromSpan(new int[x.ElementCount / HeadSize], new Shape(x.Shape[0], x.Shape[1], x.Shape[2]), x.Backend)
            : Tensor.Concat([rotated, rotated * -1f], -1).ArgMax();
        var last = IndexTensor.FromSpan([2 * half], Shape.Scalar, x.Backend);
        return IndexTensor.Where(exists.Reshape(x.Shape[0], 1, x.Shape[2]), buckets, last);
    }

    /// <summary>Computes the attention of one round, and the logarithms of its sums, shape (B, N, T, 1).</summary>
    private static (Variable Result, Variable LogSums) Round(Variable query, Variable value, IndexTensor buckets, int chunks)
    {
        var (batch, heads, steps, size) = (query.Shape[0], query.Shape[1], query.Shape[2], query.Shape[3]);
        var backend = query.Value.Backend;

        // Sorted by bucket and, within one, by step.
        var order = (buckets * steps) + IndexTensor.Arange(steps, backend).Reshape(1, 1, steps);
        var (sorted, places) = order.Sort();
        var starts = (IndexTensor.Arange(batch * heads, backend) * steps).Reshape(batch, heads, 1);
        var (q, v) = (InChunks(query), InChunks(value));
        var length = (q.Square().Sum(-1, keepDimensions: true) + 1e-12f).Sqrt();
        var (k, keyValues) = (WithChunkBefore(q / length), WithChunkBefore(v));

        var isSameBucket = IsSame(sorted / steps);
        var isSameStep = IsSame(sorted % steps);
        var scores = Variable.MatMul(q, k.Transpose(-2, -1)) * (1f / MathF.Sqrt(size));
        scores = (scores - (isSameStep.ToTensor() * OwnPenalty)).MaskedFill(!isSameBucket, float.NegativeInfinity);
        var logSums = scores.LogSumExp(-1, keepDimensions: true);
        var result = Variable.MatMul((scores - logSums).Exp(), keyValues);
        var back = places.Sort().Indices + starts;
        return (Back(result), Back(logSums));

        Variable InChunks(Variable x) => Rows(x, places + starts).Reshape(batch, heads, chunks, steps / chunks, x.Shape[3]);

        // Whether the numbers of a query's step and a key's are the same.
        BoolTensor IsSame(IndexTensor numbers)
        {
            var x = numbers.ToTensor().Reshape(batch, heads, chunks, steps / chunks, 1);
            return x.EqualTo(WithChunkBefore(x).Value.Transpose(-2, -1));
        }

        Variable WithChunkBefore(Variable x) => chunks == 1 ? x : Variable.Concat([x, x.Roll(1, 2)], 3);

        Variable Back(Variable x) => Rows(x, back).Reshape(batch, heads, steps, x.Shape[^1]);

        static Variable Rows(Variable x, IndexTensor rows) => x.Reshape(-1, x.Shape[^1]).Gather(rows.Reshape(-1));
    }
}
