namespace SeqCore.Models;

/// <summary>
/// The keys and values of a source with all that an attention computes from them alone, so that a decoder that looks at the
/// source at each step does so once. Made by <see cref="AttentionLayer.Prepare"/>; belongs to the tape or scope open then.
/// </summary>
public sealed class PreparedKeys
{
    private readonly AttentionMask? mask;

    /// <summary>Takes what an attention made.</summary>
    /// <param name="owner">That attention.</param>
    /// <param name="keys">What it made of the keys.</param>
    /// <param name="values">The values, or what it made of them.</param>
    /// <param name="options">What is hidden.</param>
    public PreparedKeys(AttentionLayer owner, Variable keys, Variable values, AttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        (Owner, Keys, Values, Options) = (owner, keys, values, options);

        // Lengths alone hide the same keys from every query, however many there are.
        if (owner is ScoredAttention && options is { IsCausal: false, Window: 0, Bias: null, Allowed: null, Slopes: null })
            mask = NewMask(1);
    }

    /// <summary>Shape (B, S, A), or (B, M, S, K) of multi-head attention: what the attention made of the keys.</summary>
    public Variable Keys { get; }

    /// <summary>Shape (B, S, J), or (B, M, S, K).</summary>
    public Variable Values { get; }

    /// <summary>What is hidden.</summary>
    public AttentionOptions Options { get; }

    internal AttentionLayer Owner { get; }

    /// <summary>The keys as they were given, and what became of them where padding was cleared.</summary>
    internal (Variable Given, Variable Cleared)? Origin { get; init; }

    /// <summary>Whether the attention acts as in evaluation whatever its mode, as streams want it.</summary>
    internal bool IsInference { get; init; }

    /// <summary>The queries, cleared as the keys were where they are the same: a sequence that attends to itself.</summary>
    internal Variable Clear(Variable query) =>
        Origin is { } origin && ReferenceEquals(query, origin.Given) ? origin.Cleared : query;

    internal AttentionMask Mask(int queryLength) => mask ?? NewMask(queryLength);

    private AttentionMask NewMask(int queryLength) =>
        new(new(Keys.Shape[0], 1, queryLength, Keys.Shape[1]), Options, Keys.Value.Backend);
}
