namespace SeqCore.Models;

/// <summary>One pass through an <see cref="ISequenceMixer"/>: all that it is given beside its input.</summary>
public sealed record MixerPass
{
    /// <summary>Which positions may be seen. A mixer should refuse what it cannot hide.</summary>
    public AttentionOptions Options { get; init; } = AttentionOptions.Full;

    /// <summary>The number of positions that were read before these.</summary>
    public int Position { get; init; }

    /// <summary>
    /// What <see cref="ISequenceMixer.NewState"/> made: the positions read before, to which the mixer adds these. Null where the
    /// sequence is given whole.
    /// </summary>
    public MixerState? State { get; init; }

    /// <summary>Whether dropout is left out whatever the mode of the modules, as in streams.</summary>
    public bool IsInference { get; init; }

    /// <summary>
    /// Where a mixer that has weights of attention adds them, shape (B, N, T, T); null where nobody asked, as with a state.
    /// </summary>
    public ICollection<Variable>? Weights { get; init; }

    /// <summary>x after dropout, if there is any in this pass.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="dropout">The module, or null for none.</param>
    public Variable Drop(Variable x, Dropout? dropout) => IsInference || dropout is null ? x : dropout.Forward(x);
}
