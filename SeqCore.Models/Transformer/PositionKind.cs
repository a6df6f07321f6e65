namespace SeqCore.Models;

/// <summary>How a Transformer knows the order of its tokens.</summary>
public enum PositionKind
{
    /// <summary>Not at all, but for what a causal mask gives away.</summary>
    None,

    /// <summary>A trained vector for each position, added to the token's; positions beyond the table do not exist.</summary>
    Learned,
}
