using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Models;

/// <summary>
/// Attention with one head, which differs only in how a query and a key are scored: weights = softmax(scores), output = weights
/// values. A query that may attend to nothing gives zeros. Scores are multiplied by <see cref="AttentionOptions.Scale"/> if it is
/// given, then masked.
/// </summary>
public abstract class ScoredAttention : AttentionLayer
{
    /// <summary>An attention between vectors of these sizes.</summary>
    /// <param name="querySize">Q, at least 1.</param>
    /// <param name="keySize">I, at least 1.</param>
    protected ScoredAttention(int querySize, int keySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(querySize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keySize, 1);
        (QuerySize, KeySize) = (querySize, keySize);
    }

    /// <summary>Q, width of the queries.</summary>
    public int QuerySize { get; }

    /// <summary>I, width of the keys.</summary>
    public int KeySize { get; }

    /// <summary>Factor of the scores where the options give none.</summary>
    protected virtual float DefaultScale => 1f;

    /// <summary>Computes what depends on the keys alone, once for all queries that are to come.</summary>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <param name="values">Shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">What is hidden; null for nothing.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Shape.Rank != 3 || keys.Shape[2] != KeySize)
            throw ShapeException.Wrong(Kind, "keys", $"(B, S, I) = (B, S, {KeySize})", keys.Shape);
        if (values is not null && (values.Shape.Rank != 3 || values.Shape[0] != keys.Shape[0] || values.Shape[1] != keys.Shape[1]))
            throw ShapeException.Wrong(Kind, "values", $"(B, S, J) = ({keys.Shape[0]}, {keys.Shape[1]}, J)", values.Shape, $"keys is {keys.Shape}");
        return new PreparedKeys(this, ProjectKeys(keys), values ?? keys, options ?? AttentionOptions.Full);
    }

    /// <inheritdoc/>
    public sealed override AttentionResult Forward(Variable query, Variable keys, Variable? values = null, AttentionOptions? options = null, bool returnWeights = false) =>
        Forward(query, Prepare(keys, values, options), returnWeights);

    /// <summary>Attends to a source that was prepared before.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="source">What <see cref="Prepare"/> of this attention gave.</param>
    /// <param name="returnWeights">Whether the weights are wanted.</param>
    /// <exception cref="ShapeException">The query is not as above.</exception>
    /// <exception cref="ArgumentException">Another attention prepared the source.</exception>
    public virtual AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        var (scores, mask) = ScoresOf(query, source);
        var weights = mask.Weights(scores);
        var options = source.Options;
        var used = options.Dropout > 0f ? weights.Dropout(options.Dropout, options.Random!) : weights;
        return new AttentionResult(Mix(used, source.Values), returnWeights ? weights : null);
    }

    /// <summary>What a score needs of the keys alone.</summary>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <returns>Shape (B, S, A).</returns>
    protected virtual Variable ProjectKeys(Variable keys) => keys;

    /// <summary>How well each key answers each query.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="keys">Shape (B, S, A): from <see cref="ProjectKeys"/>.</param>
    /// <returns>Shape (B, T, S).</returns>
    protected abstract Variable Score(Variable query, Variable keys);

    /// <summary>Scores times their scale, shape (B, 1, T, S), and what is to be hidden of them.</summary>
    internal (Variable Scores, AttentionMask Mask) ScoresOf(Variable query, PreparedKeys source)
    {
        Check(query, source);
        var scores = Score(query, source.Keys);
        var scale = source.Options.Scale ?? DefaultScale;
        return ((scale == 1f ? scores : scores * scale).Unsqueeze(1), source.Mask(query.Shape[1]));
    }

    /// <summary>weights values: (B, 1, T, S) and (B, S, J) give (B, T, J).</summary>
    internal static Variable Mix(Variable weights, Variable values) => Variable.MatMul(weights.Squeeze(1), values);

    private protected void Check(Variable query, PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Owner != this)
            throw new ArgumentException($"{Kind}: the source was prepared by another attention. Hint: call Prepare of the one that attends.", nameof(source));
        var batch = source.Keys.Shape[0];
        if (query.Shape.Rank != 3 || query.Shape[0] != batch || query.Shape[2] != QuerySize)
            throw ShapeException.Wrong(Kind, "query", $"(B, T, Q) = ({batch}, T, {QuerySize})", query.Shape, $"there are {batch} sources", query.Shape.Rank == 2 ? "for one query each, Unsqueeze an axis of time" : null);
    }
}
