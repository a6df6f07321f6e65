namespace SeqCore.Models;

/// <summary>
/// The base of attentions with one head that differ only in how a query and a key are scored: weights = softmax(scores), output =
/// weights values. A query that may attend to nothing gives zeros. Scores are multiplied by <see cref="AttentionOptions.Scale"/>
/// if it is set, capped by <see cref="AttentionOptions.Softcap"/> if that is set, then masked. A custom score overrides
/// <see cref="Score"/>, and also <see cref="ProjectKeys"/> if a part of it depends on the keys alone;
/// <see cref="RecurrentEncoderDecoderOptions.NewAttention"/> uses it in an encoder-decoder.
/// </summary>
public abstract class ScoredAttention : AttentionLayer
{
    /// <summary>Makes an attention between vectors of the given sizes.</summary>
    /// <param name="querySize">The number of features of a query, Q, at least 1.</param>
    /// <param name="keySize">The number of features of a key, I, at least 1.</param>
    protected ScoredAttention(int querySize, int keySize)
    {
        Argument.AtLeast(querySize, Kind, nameof(querySize));
        Argument.AtLeast(keySize, Kind, nameof(keySize));
        (QuerySize, KeySize) = (querySize, keySize);
    }

    /// <summary>The number of features of a query, Q.</summary>
    public int QuerySize { get; }

    /// <summary>The number of features of a key, I.</summary>
    public int KeySize { get; }

    /// <summary>The factor of the scores if the options have none.</summary>
    protected virtual float DefaultScale => 1f;

    /// <inheritdoc/>
    public sealed override PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Shape.Rank != 3 || keys.Shape[2] != KeySize)
            throw ShapeException.Wrong(Kind, "keys", $"(B, S, I) = (B, S, {KeySize})", keys.Shape);
        CheckValues(keys, values);
        options ??= AttentionOptions.Full;
        var cleared = Padding.Clear(keys, options);
        values = values is null ? cleared : Padding.Clear(values, options);
        return new PreparedKeys(this, ProjectKeys(cleared), values, options) { Origin = (keys, cleared) };
    }

    /// <inheritdoc/>
    public override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        var (scores, mask) = ScoresOf(query, source);
        var weights = mask.Weights(scores);
        var options = source.Options;
        var used = options.Dropout > 0f ? weights.Dropout(options.Dropout, options.Random!) : weights;
        return new AttentionResult(Mix(mask, used, source.Values), returnWeights ? weights : null);
    }

    /// <summary>Computes the part of the score that depends on the keys alone.</summary>
    /// <param name="keys">The keys, shape (B, S, I).</param>
    /// <returns>The projected keys, shape (B, S, A).</returns>
    protected virtual Variable ProjectKeys(Variable keys) => keys;

    /// <summary>Scores each key against each query.</summary>
    /// <param name="query">The queries, shape (B, T, Q).</param>
    /// <param name="keys">The projected keys from <see cref="ProjectKeys"/>, shape (B, S, A).</param>
    /// <returns>The scores, shape (B, T, S).</returns>
    protected abstract Variable Score(Variable query, Variable keys);

    /// <summary>Computes the scores times their scale, shape (B, 1, T, S), and the mask that hides some of them.</summary>
    internal (Variable Scores, AttentionMask Mask) ScoresOf(Variable query, PreparedKeys source)
    {
        Check(query, source);
        var scores = Score(source.Clear(query), source.Keys);
        var expected = new Shape(query.Shape[0], query.Shape[1], source.Keys.Shape[1]);
        if (!scores.Shape.Equals(expected))
            throw ShapeException.Wrong(Kind, $"the result of {nameof(Score)}", $"(B, T, S) = {expected}", scores.Shape);
        var scale = source.Options.Scale ?? DefaultScale;
        return ((scale == 1f ? scores : scores * scale).Unsqueeze(1), source.Mask(query.Shape[1]));
    }

    /// <summary>Computes weights values: shapes (B, 1, T, S) and (B, S, J) to (B, T, J).</summary>
    internal static Variable Mix(AttentionMask mask, Variable weights, Variable values) =>
        mask.Mix(weights, values.Unsqueeze(1)).Squeeze(1);

    private protected void Check(Variable query, PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckOwner(source);
        var batch = source.Keys.Shape[0];
        if (query.Shape.Rank != 3 || query.Shape[0] != batch || query.Shape[2] != QuerySize)
        {
            throw ShapeException.Wrong(Kind, "query", $"(B, T, Q) = ({batch}, T, {QuerySize})", query.Shape,
                $"the batch of the keys is {batch}",
                query.Shape.Rank == 2 ? "for one query each, add a time axis with Unsqueeze" : null);
        }
    }
}
