namespace SeqCore.Models;

/// <summary>The result of an attention.</summary>
/// <param name="Output">The weighted mean of the values for each query, shape (B, T, D).</param>
/// <param name="Weights">The weights, shape (B, N, T, S), with N heads (1 if there are none); null unless requested.</param>
public readonly record struct AttentionResult(Variable Output, Variable? Weights)
{
    /// <summary>
    /// The log probabilities of the choices of each query, shape (B, T), for <see cref="Reinforce"/>; only for hard attention
    /// that is trained by the score function, else null.
    /// </summary>
    public Variable? LogProbabilities { get; init; }

    /// <summary>
    /// The probabilities that the choices were drawn from, shape (B, 1, T, S); set with <see cref="LogProbabilities"/>.
    /// </summary>
    public Variable? Probabilities { get; init; }
}

/// <summary>
/// The base of all attentions: each query compares itself with all keys and takes a weighted mean of their values.
/// </summary>
public abstract class AttentionLayer : Module
{
    /// <summary>Computes the attention of queries to keys.</summary>
    /// <param name="query">The queries, shape (B, T, Q).</param>
    /// <param name="keys">The keys, shape (B, S, I).</param>
    /// <param name="values">The values, shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">The options of attention, which specify what is hidden; null hides nothing.</param>
    /// <param name="returnWeights">
    /// Whether the weights are returned; without them multi-head attention takes memory linear in T and S.
    /// </param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public virtual AttentionResult Forward(Variable query, Variable keys, Variable? values = null,
        AttentionOptions? options = null, bool returnWeights = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (ReferenceEquals(query, keys))
        {
            // In the attention of a sequence to itself, queries beyond its length are padding too.
            values = ReferenceEquals(query, values) ? null : values;
            query = keys = Padding.Clear(query, options, Padding.Length(query));
        }
        else if (options is { IsCausal: true } or { Window: > 0 })
        {
            // What causality and a window hide depends on the number of queries, which Prepare does not know.
            ArgumentNullException.ThrowIfNull(keys);
            var length = Padding.Length(query);
            var finite = Padding.Clear(keys, options, length);
            values = values is null || ReferenceEquals(keys, values) ? null : Padding.Clear(values, options, length);
            keys = finite;
        }

        return Forward(query, Prepare(keys, values, options), returnWeights);
    }

    /// <summary>Computes everything that depends on the keys alone, once for all later queries.</summary>
    /// <param name="keys">The keys, shape (B, S, I).</param>
    /// <param name="values">The values, shape (B, S, J); null for the keys themselves.</param>
    /// <param name="options">The options of attention, which specify what is hidden; null hides nothing.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public abstract PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null);

    /// <summary>Computes the attention of queries to a prepared source.</summary>
    /// <param name="query">The queries, shape (B, T, Q).</param>
    /// <param name="source">The result of <see cref="Prepare"/> of this attention.</param>
    /// <param name="returnWeights">Whether the weights are returned.</param>
    /// <exception cref="ShapeException">The query does not have the required shape.</exception>
    /// <exception cref="ArgumentException">The source was prepared by another attention.</exception>
    public abstract AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false);

    /// <summary>Throws if another attention prepared the source.</summary>
    protected void CheckOwner(PreparedKeys source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Owner != this)
        {
            throw new ArgumentException($"{Kind}: the source was prepared by another attention."
                + " Hint: call Prepare of the attention that uses it.", nameof(source));
        }
    }

    /// <summary>Throws if there are values and their shape does not fit the keys.</summary>
    /// <param name="keys">The keys, shape (B, S, I).</param>
    /// <param name="values">The values, shape (B, S, J), or null.</param>
    /// <param name="width">The required width of the values, J; null for any.</param>
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
