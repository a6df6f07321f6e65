using SeqCore.Autograd;

namespace SeqCore.Models;

/// <summary>
/// The keys and values of a source with all that an attention computes from them alone, so that a decoder that looks at the source
/// at each step does so once. Made by <see cref="ScoredAttention.Prepare"/>; belongs to the tape or scope open then.
/// </summary>
public sealed class PreparedKeys
{
    private readonly AttentionMask? mask;

    internal PreparedKeys(ScoredAttention owner, Variable keys, Variable values, AttentionOptions options)
    {
        (Owner, Keys, Values, Options) = (owner, keys, values, options);

        // Lengths alone hide the same keys from every query, however many there are.
        if (options is { IsCausal: false, Window: 0, Bias: null, Allowed: null, Slopes: null })
            mask = NewMask(1);
    }

    /// <summary>Shape (B, S, A): what the attention made of the keys.</summary>
    public Variable Keys { get; }

    /// <summary>Shape (B, S, J).</summary>
    public Variable Values { get; }

    /// <summary>What is hidden.</summary>
    public AttentionOptions Options { get; }

    internal ScoredAttention Owner { get; }

    internal AttentionMask Mask(int queryLength) => mask ?? NewMask(queryLength);

    private AttentionMask NewMask(int queryLength) =>
        new(new(Keys.Shape[0], 1, queryLength, Keys.Shape[1]), Options, Keys.Value.Backend);
}
