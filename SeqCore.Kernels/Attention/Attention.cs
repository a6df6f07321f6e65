using SeqCore.Kernels.Attention;

namespace SeqCore.Kernels;

/// <summary>
/// Vectors of several heads in one memory: element k of head n at step t of sequence b lies at b BatchStride + n HeadStride +
/// t StepStride + k. So heads are read where a linear layer put them, side by side, and need not be copied apart.
/// </summary>
/// <param name="Data">Element (0, 0, 0, 0) first.</param>
/// <param name="BatchStride">Elements between sequences.</param>
/// <param name="HeadStride">Elements between heads.</param>
/// <param name="StepStride">Elements between steps.</param>
public readonly record struct HeadsSpan(DeviceSpan<float> Data, int BatchStride, int HeadStride, int StepStride);

/// <summary>
/// A mask that is added to the scores: element (b, n, i, j) at b BatchStride + n HeadStride + i QueryStride + j.
/// </summary>
/// <param name="Data">Element (0, 0, 0, 0) first; minus infinity hides a key.</param>
/// <param name="BatchStride">Elements between sequences; 0 for one mask for all.</param>
/// <param name="HeadStride">Elements between heads; 0 for one mask for all.</param>
/// <param name="QueryStride">Elements between queries; 0 for one row for all.</param>
public readonly record struct MaskSpan(DeviceSpan<float> Data, int BatchStride, int HeadStride, int QueryStride);

/// <summary>
/// Scaled dot-product attention of N query heads to M key heads: query head n reads key head n / (N / M). Query i stands at
/// position p = QueryOffset + i among the keys, and its score for key j is s_ij + mask_ij - slope |p - j|, where s_ij is
/// scale q_i k_j, or cap tanh(scale q_i k_j / cap) with a <see cref="Softcap"/>.
/// </summary>
public readonly struct AttentionArguments
{
    private readonly int valueSize;

    /// <summary>B</summary>
    public required int Batch { get; init; }

    /// <summary>N, heads of the queries: a multiple of M.</summary>
    public required int HeadCount { get; init; }

    /// <summary>M, heads of the keys and values.</summary>
    public required int KeyHeadCount { get; init; }

    /// <summary>T, queries.</summary>
    public required int QueryLength { get; init; }

    /// <summary>S, keys.</summary>
    public required int KeyLength { get; init; }

    /// <summary>K, elements of one head of the queries and keys.</summary>
    public required int HeadSize { get; init; }

    /// <summary>J, elements of one head of the values and of the result; K unless it is set, or if it is set to 0.</summary>
    public int ValueSize
    {
        get => valueSize == 0 ? HeadSize : valueSize;
        init => valueSize = value;
    }

    /// <summary>Shape (B, N, T, K).</summary>
    public required HeadsSpan Query { get; init; }

    /// <summary>Shape (B, M, S, K).</summary>
    public required HeadsSpan Key { get; init; }

    /// <summary>Shape (B, M, S, J).</summary>
    public required HeadsSpan Value { get; init; }

    /// <summary>Factor of q k; 1 / sqrt(K) as a rule.</summary>
    public required float Scale { get; init; }

    /// <summary>
    /// The cap of the scaled products, which is applied before anything is added to them (Gemma 2, arXiv:2408.00118, section 2);
    /// 0 for none.
    /// </summary>
    public float Softcap { get; init; }

    /// <summary>Position of the first query less that of the first key.</summary>
    public int QueryOffset { get; init; }

    /// <summary>Whether keys after a query's position are hidden: j &lt;= p.</summary>
    public bool IsCausal { get; init; }

    /// <summary>Whether only near keys are seen: |p - j| &lt; Window; 0 for no limit.</summary>
    public int Window { get; init; }

    /// <summary>Shape (B): keys of each sequence, in [0, S]; later ones are hidden; or absent.</summary>
    public DeviceSpan<int> KeyLengths { get; init; }

    /// <summary>Added to the scores; or absent.</summary>
    public MaskSpan Mask { get; init; }

    /// <summary>Which keys each query may see, by blocks; or absent.</summary>
    public AttentionBlocks Blocks { get; init; }

    /// <summary>Shape (N): what a score loses for each step of distance (ALiBi); or absent.</summary>
    public DeviceSpan<float> Slopes { get; init; }

    /// <summary>Probability in [0, 1) that a weight is 0; the others are divided by 1 - p.</summary>
    public float Dropout { get; init; }

    /// <summary>
    /// Where dropout's numbers come from: weight (b, n, i, j) uses word ((b N + n) T + i) S' + j, S' = S rounded up
    /// to a multiple of 4.
    /// </summary>
    public RandomStream Stream { get; init; }

    /// <summary>Sets the defaults.</summary>
    public AttentionArguments()
    {
    }
}

public abstract partial class Backend
{
    /// <summary>
    /// y_i = sum_j w_ij v_j with w_i the softmax of the scores of query i (Vaswani et al., arXiv:1706.03762, equation 1), tile by
    /// tile with an online softmax (Milakov and Gimelshein, arXiv:1805.02867; Dao et al., arXiv:2205.14135): the T x S weights
    /// are never stored, and tiles without a visible key are not computed. A query that sees no key gives zeros and a
    /// logSumExp of minus infinity.
    /// </summary>
    /// <param name="arguments">Sizes, operands and what is hidden.</param>
    /// <param name="y">Shape (B, N, T, J); must not overlap the operands.</param>
    /// <param name="logSumExp">Shape (B, N, T): log sum_j e^score_ij, which the gradient needs; or absent.</param>
    /// <param name="continues">
    /// Whether y and logSumExp hold the result over earlier keys, which is completed here as if those keys came first: a cache in
    /// several pieces.
    /// </param>
    /// <exception cref="ArgumentException">
    /// An operand does not fit into its memory, N is not a multiple of M, or a key length is not in [0, S].
    /// </exception>
    public void Attention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues = false)
    {
        AttentionChecks.CheckForward(arguments, y, logSumExp, continues);
        RunAttention(arguments, y, logSumExp, continues);
        KeepAlive(arguments);
        KeepAlive((y.Data, logSumExp));
    }

    /// <summary>
    /// The gradients of <see cref="Attention"/>, by recomputing the weights tile by tile: with dP = dY v', delta_i = dY_i y_i and
    /// dS = w (dP - delta), dQ = scale dS k, dK = scale dS' q, dV = w' dY. With a softcap, dS is also multiplied by
    /// 1 - (s / cap)^2. All three are written.
    /// </summary>
    /// <param name="arguments">As in the forward pass.</param>
    /// <param name="y">Its result.</param>
    /// <param name="logSumExp">Its logSumExp.</param>
    /// <param name="dY">Shape (B, N, T, J).</param>
    /// <param name="dQuery">Shape (B, N, T, K).</param>
    /// <param name="dKey">Shape (B, M, S, K).</param>
    /// <param name="dValue">Shape (B, M, S, J).</param>
    /// <exception cref="ArgumentException">An operand does not fit into its memory.</exception>
    public void AttentionGradient(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue)
    {
        AttentionChecks.CheckGradient(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
        RunAttentionGradient(arguments, y, logSumExp, dY, dQuery, dKey, dValue);
        KeepAlive(arguments);
        KeepAlive((y.Data, logSumExp, dY.Data, dQuery.Data, dKey.Data, dValue.Data));
    }

    private protected abstract void RunAttention(in AttentionArguments arguments, HeadsSpan y, DeviceSpan<float> logSumExp,
        bool continues);

    private protected abstract void RunAttentionGradient(in AttentionArguments arguments, HeadsSpan y,
        DeviceSpan<float> logSumExp, HeadsSpan dY, HeadsSpan dQuery, HeadsSpan dKey, HeadsSpan dValue);
}
