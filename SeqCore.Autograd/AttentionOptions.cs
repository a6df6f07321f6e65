using SeqCore.Functions;

namespace SeqCore;

/// <summary>
/// How queries are aligned with keys if their numbers T and S differ; causal masks, windows and ALiBi depend on it. The names
/// denote the corner of the T x S matrix in which the causal triangle ends, as in PyTorch's <c>torch.nn.attention.bias</c>.
/// </summary>
public enum CausalAlignment
{
    /// <summary>
    /// The last query is aligned with the last key: query i is at position S - T + i, so that a decoder with cached keys passes
    /// only its new queries. If T is above S, the first T - S queries are before the first key; with a causal mask they attend to
    /// nothing and give zeros.
    /// </summary>
    LowerRight,

    /// <summary>
    /// The first query is aligned with the first key: query i is at position i, as with <c>is_causal</c> in PyTorch's
    /// <c>scaled_dot_product_attention</c> and in ONNX's Attention without a past. If S is above T, a causal mask hides the last
    /// S - T keys from all queries; if T is above S, the last queries see every key.
    /// </summary>
    UpperLeft,
}

/// <summary>
/// Specifies which keys each query may attend to, and how scores are computed. A key that any option hides is hidden, and it does
/// not affect results or gradients even if it holds NaN or infinity. Query i of T is at position S - T + i among the S keys, or
/// at i: see <see cref="Alignment"/>.
/// </summary>
public sealed record AttentionOptions
{
    /// <summary>Options with which every query attends to every key.</summary>
    public static AttentionOptions Full { get; } = new();

    /// <summary>
    /// Options with which a query attends to no key after its own position; the last query is aligned with the last key.
    /// </summary>
    public static AttentionOptions Causal { get; } = new() { IsCausal = true };

    /// <summary>Whether keys after the query's position are hidden.</summary>
    public bool IsCausal { get; init; }

    /// <summary>
    /// How queries are aligned with keys if their numbers differ, for <see cref="IsCausal"/>, <see cref="Window"/> and
    /// <see cref="Slopes"/>; <see cref="CausalAlignment.LowerRight"/> by default. With as many queries as keys both alignments
    /// agree.
    /// </summary>
    public CausalAlignment Alignment { get; init; }

    /// <summary>
    /// The size of a sliding window: a query sees only keys at a distance of less than this from its position, its own key
    /// included; 0 for no limit.
    /// </summary>
    public int Window { get; init; }

    /// <summary>
    /// The number of keys in each sequence, shape (B,), each in [0, S]; later keys are padding and hidden. Null for S in all.
    /// </summary>
    public IndexTensor? KeyLengths { get; init; }

    /// <summary>
    /// Which keys each query may attend to by its position, such as a window with global tokens; null for all. What the pattern
    /// empties is not computed. Alignment is as for <see cref="IsCausal"/>; queries before position 0 are not allowed.
    /// </summary>
    public AttentionPattern? Pattern { get; init; }

    /// <summary>
    /// A bias that is added to the scores, broadcast to (B, N, T, S); minus infinity hides a key. It gets no gradient.
    /// Hide keys with minus infinity, not with a large finite number: the kernel keeps one float32 for a query's greatest score
    /// and the logarithm of its sum, so that where all scores of a query are beyond 1e4, the weights of the backward pass are
    /// off by up to 6e-8 times the score.
    /// </summary>
    public Tensor? Bias { get; init; }

    /// <summary>
    /// A mask that is true where a query may attend to a key, broadcast to (B, N, T, S). The boolean masks of PyTorch's
    /// nn.MultiheadAttention are the opposite, so pass <c>!mask</c>; a mask of 0 and minus infinity is a <see cref="Bias"/>.
    /// </summary>
    public BoolTensor? Allowed { get; init; }

    /// <summary>
    /// The slopes of ALiBi, shape (N,): score - slope |distance| for each head (Press, Smith and Lewis, "Train short, test long",
    /// arXiv:2108.12409).
    /// </summary>
    public Tensor? Slopes { get; init; }

    /// <summary>The factor of the product q k before anything is added, finite; null for 1 / sqrt(K).</summary>
    public float? Scale { get; init; }

    /// <summary>
    /// The cap of the scores, positive and finite, or null for none: a score is cap tanh(scale q k / cap), within (-cap, cap),
    /// before <see cref="Slopes"/> and <see cref="Bias"/> are added and keys are hidden (Gemma 2, arXiv:2408.00118, section 2).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public float? Softcap
    {
        get;
        init => field = value is null or (> 0f and < float.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Softcap), value,
                $"Attention: {nameof(Softcap)} should be positive and finite, or null for none.");
    }

    /// <summary>
    /// A function that changes the scores, as <c>score_mod</c> does in PyTorch's <c>flex_attention</c>; null for none. It gets
    /// scale q k, capped if <see cref="Softcap"/> is set; to what it returns, <see cref="Slopes"/> and <see cref="Bias"/> are
    /// added, keys are hidden, and the softmax and dropout follow. Where it returns minus infinity, a key is hidden too. It is
    /// also computed for hidden keys, where its result does not count, but its derivative should be finite. Gradients flow
    /// through it, also to parameters that it uses, such as a table of relative positions. Attention then keeps the whole matrix
    /// of scores, so memory grows with T S. Files do not hold it. The example adds a learned bias for each head and distance.
    /// </summary>
    /// <example>
    /// <code>
    /// var table = new Variable(Tensor.Zeros([17, 4]), requiresGradient: true);
    /// var options = AttentionOptions.Causal with
    /// {
    ///     ScoreModification = (scores, positions) => scores
    ///         + table.Embedding(positions.Distances.Clamp(-8, 8) + 8).Squeeze(1).Permute(0, 3, 1, 2),
    /// };
    /// var x = Tensor.RandomNormal([1, 4, 6, 16], new RandomGenerator(seed: 1));
    /// using var tape = new Tape();
    /// tape.Backward(Variable.Attention(x, x, x, options).Square().Sum());
    /// Console.WriteLine(table.Gradient!.Shape);     // (17, 4)
    /// </code>
    /// </example>
    public ScoreModification? ScoreModification { get; init; }

    /// <summary>
    /// The probability p in [0, 1) that a weight is set to 0, while the others are divided by 1 - p; it needs
    /// <see cref="Random"/>.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The generator that draws which weights are dropped.</summary>
    public RandomGenerator? Random { get; init; }

    /// <summary>Applies the cap and the modification, if there are any, to scaled products.</summary>
    /// <param name="products">The scaled products, shape (B, N, T, S).</param>
    internal Variable Scores(Variable products)
    {
        var scores = Softcap is { } cap ? (products / cap).Tanh() * cap : products;
        if (ScoreModification is null)
            return scores;
        int queryLength = scores.Shape[2], keyLength = scores.Shape[3];
        var backend = scores.Value.Backend;
        var queries = IndexTensor.Arange(queryLength, backend) + AttentionShape.QueryOffset(this, queryLength, keyLength);
        var positions = new AttentionPositions(queries.Reshape(1, 1, queryLength, 1),
            IndexTensor.Arange(keyLength, backend).Reshape(1, 1, 1, keyLength));
        var modified = ScoreModification(scores, positions) ?? throw new InvalidOperationException(
            $"Attention: the result of {nameof(ScoreModification)} is null. It should be the changed scores.");
        return modified.Shape.Equals(scores.Shape)
            ? modified
            : throw ShapeException.Wrong("Attention", $"the result of {nameof(ScoreModification)}",
                $"(B, N, T, S) = {scores.Shape}", modified.Shape);
    }
}
