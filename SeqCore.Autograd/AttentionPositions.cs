namespace SeqCore;

/// <summary>
/// Changes the scores of attention, as <c>score_mod</c> does in PyTorch's <c>flex_attention</c>: see
/// <see cref="AttentionOptions.ScoreModification"/>.
/// </summary>
/// <param name="scores">The scores, shape (B, N, T, S).</param>
/// <param name="positions">The positions of the queries and keys.</param>
/// <returns>The changed scores, shape (B, N, T, S); minus infinity hides a key.</returns>
public delegate Variable ScoreModification(Variable scores, AttentionPositions positions);

/// <summary>The positions of the queries and keys of an attention, in shapes that broadcast to its scores.</summary>
public sealed class AttentionPositions
{
    private readonly Lazy<IndexTensor> distances;

    /// <summary>Stores the positions.</summary>
    /// <param name="queries">The positions of the queries, shape (B or 1, 1, T, 1).</param>
    /// <param name="keys">The positions of the keys, shape (B or 1, 1, 1, S).</param>
    public AttentionPositions(IndexTensor queries, IndexTensor keys)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        if (queries.Rank != 4 || queries.Shape[1] != 1 || queries.Shape[3] != 1)
            throw ShapeException.Wrong(nameof(AttentionPositions), nameof(queries), "(B or 1, 1, T, 1)", queries.Shape);
        if (keys.Rank != 4 || keys.Shape[1] != 1 || keys.Shape[2] != 1)
            throw ShapeException.Wrong(nameof(AttentionPositions), nameof(keys), "(B or 1, 1, 1, S)", keys.Shape);
        (Queries, Keys) = (queries, keys);
        distances = new Lazy<IndexTensor>(() => Queries - Keys);
    }

    /// <summary>
    /// The positions of the queries, shape (B or 1, 1, T, 1). Those of queries before the first key are negative (see
    /// <see cref="CausalAlignment.LowerRight"/>).
    /// </summary>
    public IndexTensor Queries { get; }

    /// <summary>The positions of the keys, shape (B or 1, 1, 1, S).</summary>
    public IndexTensor Keys { get; }

    /// <summary>
    /// The position of each query less that of each key, shape (B or 1, 1, T, S): positive where the key comes first.
    /// </summary>
    public IndexTensor Distances => distances.Value;
}
