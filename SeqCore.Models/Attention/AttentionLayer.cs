namespace SeqCore.Models;

/// <summary>What an attention gives.</summary>
/// <param name="Output">Shape (B, T, D): for each query, the values it attends to.</param>
/// <param name="Weights">Shape (B, N, T, S), N heads (1 where there are none); null unless asked for.</param>
public readonly record struct AttentionResult(Variable Output, Variable? Weights)
{
    /// <summary>
    /// Shape (B, T): the log probability of what each query chose, for <see cref="Reinforce"/>; null but for hard attention in
    /// training by the score function.
    /// </summary>
    public Variable? LogProbabilities { get; init; }

    /// <summary>Shape (B, 1, T, S): what the choices were drawn from, beside <see cref="LogProbabilities"/>.</summary>
    public Variable? Probabilities { get; init; }
}

/// <summary>
/// The attention family behind one interface: each query looks at all keys and takes a weighted mean of their values.
/// </summary>
public abstract class AttentionLayer : Module
{
    /// <summary>Attends.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <param name="values">Shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">What is hidden; null for nothing.</param>
    /// <param name="returnWeights">
    /// Whether the weights are wanted; without them multi-head attention takes memory linear in T and S.
    /// </param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public virtual AttentionResult Forward(Variable query, Variable keys, Variable? values = null,
        AttentionOptions? options = null, bool returnWeights = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (ReferenceEquals(query, keys))
        {
            // Of a sequence to itself, the queries beyond its length are padding too.
            values = ReferenceEquals(query, values) ? null : values;
            query = keys = Padding.Clear(query, options, Padding.Length(query));
        }
        else if (options is { IsCausal: true } or { Window: > 0 })
        {
            // What they hide depends on how many queries there are, which Prepare does not know.
            ArgumentNullException.ThrowIfNull(keys);
            var length = Padding.Length(query);
            var finite = Padding.Clear(keys, options, length);
            values = values is null || ReferenceEquals(keys, values) ? null : Padding.Clear(values, options, length);
            keys = finite;
        }

        return Forward(query, Prepare(keys, values, options), returnWeights);
    }

    /// <summary>Computes what depends on the keys alone, once for all queries that are to come.</summary>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <param name="values">Shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">What is hidden; null for nothing.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public abstract PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null);

    /// <summary>Attends to a source that was prepared before.</summary>
    /// <param name="query">Shape (B, T, Q).</param>
    /// <param name="source">What <see cref="Prepare"/> of this attention gave.</param>
    /// <param name="returnWeights">Whether the weights are wanted.</param>
    /// <exception cref="ShapeException">The query is not as above.</exception>
    /// <exception cref="ArgumentException">Another attention prepared the source.</exception>
    public abstract AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false);

    /// <summary>Throws where another attention prepared the source.</summary>
    protected void CheckOwner(PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Owner != this)
        {
            throw new ArgumentException($"{Kind}: the source was prepared by another attention."
                + " Hint: call Prepare of the one that attends.", nameof(source));
        }
    }

    /// <summary>Throws where there are values and their shape does not fit the keys.</summary>
    /// <param name="keys">Shape (B, S, I).</param>
    /// <param name="values">Shape (B, S, J), or null.</param>
    /// <param name="width">J; null for any.</param>
    protected void CheckValues(Variable keys, Variable? values, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (values is not null && (values.Shape.Rank != 3 || values.Shape[0] != keys.Shape[0] || values.Shape[1] != keys.Shape[1]
            || values.Shape[2] != (width ?? values.Shape[2])))
        {
            throw ShapeException.Wrong(Kind, "values", $"(B, S, J) = ({keys.Shape[0]}, {keys.Shape[1]},"
                + $" {width?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "J"})", values.Shape,
                $"keys is {keys.Shape}");
        }
    }
}
