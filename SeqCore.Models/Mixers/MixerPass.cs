namespace SeqCore.Models;

/// <summary>One pass through an <see cref="ISequenceMixer"/>: everything that it gets beside its input.</summary>
public sealed record MixerPass
{
    /// <summary>
    /// The options of attention, which specify the visible positions. A mixer should reject what it cannot hide.
    /// </summary>
    public AttentionOptions Options { get; init; } = AttentionOptions.Full;

    /// <summary>The number of positions that were read before these, padding included.</summary>
    public int Position { get; init; }

    /// <summary>
    /// The position of each step in its own sequence, shape (B, T), for rows that have padding on the left and so differ: from 0
    /// on after the padding, which has position 0 too. Null where step t of each row is at <see cref="Position"/> + t.
    /// </summary>
    public IndexTensor? Positions { get; init; }

    /// <summary>
    /// The state from <see cref="ISequenceMixer.NewState"/> with the positions read before, to which the mixer adds these; null
    /// if the sequence is passed whole.
    /// </summary>
    public MixerState? State { get; init; }

    /// <summary>
    /// Whether dropout is skipped whatever the mode of the modules. In streams, <see cref="Module.IsTraining"/> is false too.
    /// </summary>
    public bool IsInference { get; init; }

    /// <summary>
    /// The list to which a mixer adds its attention weights, shape (B, N, T, T), if it has any; null if they are not requested,
    /// as with a state.
    /// </summary>
    public ICollection<Variable>? Weights { get; init; }

    /// <summary>Returns x after dropout, if there is any in this pass.</summary>
    /// <param name="x">A variable of any shape.</param>
    /// <param name="dropout">The dropout module, or null for none.</param>
    public Variable Drop(Variable x, Dropout? dropout)
    {
        ArgumentNullException.ThrowIfNull(x);
        return IsInference || dropout is null ? x : dropout.Forward(x);
    }
}
