namespace SeqCore.Models;

/// <summary>
/// The keys and values of a source with everything that an attention computes from them alone, so that a decoder that attends to
/// the source at each step computes it once. <see cref="AttentionLayer.Prepare"/> makes it in the open tape or scope.
/// </summary>
public sealed class PreparedKeys
{
    private readonly AttentionMask? mask;

    /// <summary>Stores what an attention has prepared.</summary>
    /// <param name="owner">The attention that prepared the keys.</param>
    /// <param name="keys">The keys as the attention prepared them.</param>
    /// <param name="values">The values, or what the attention computed from them.</param>
    /// <param name="options">The options of attention, which specify what is hidden.</param>
    public PreparedKeys(AttentionLayer owner, Variable keys, Variable values, AttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        (Owner, Keys, Values, Options) = (owner, keys, values, options);

        // Lengths alone hide the same keys from every query, whatever the number of queries.
        if (owner is ScoredAttention && options is
            { IsCausal: false, Window: 0, Bias: null, Allowed: null, Slopes: null, Pattern: null })
            mask = NewMask(1);
    }

    /// <summary>The keys as the attention prepared them, shape (B, S, A), or (B, M, S, K) for multi-head attention.</summary>
    public Variable Keys { get; }

    /// <summary>The values as the attention prepared them, shape (B, S, J), or (B, M, S, W) for multi-head attention.</summary>
    public Variable Values { get; }

    /// <summary>The options of attention, which specify what is hidden.</summary>
    public AttentionOptions Options { get; }

    internal AttentionLayer Owner { get; }

    /// <summary>The keys as they were given, and the same keys with padding cleared.</summary>
    internal (Variable Given, Variable Cleared)? Origin { get; init; }

    /// <summary>Whether the attention behaves as in evaluation whatever its mode, which streams need.</summary>
    internal bool IsInference { get; init; }

    /// <summary>Returns the queries, cleared like the keys if they are the same variable, as in self-attention.</summary>
    internal Variable Clear(Variable query) =>
        Origin is { } origin && ReferenceEquals(query, origin.Given) ? origin.Cleared : query;

    internal AttentionMask Mask(int queryLength) => mask ?? NewMask(queryLength);

    private AttentionMask NewMask(int queryLength) =>
        new(new(Keys.Shape[0], 1, queryLength, Keys.Shape[1]), Options, Keys.Value.Backend);
}
