namespace SeqCore.Functions;

/// <summary>Specifies how a recurrent layer runs over its sequences.</summary>
public sealed record RecurrentOptions
{
    /// <summary>The default options: batch-first, forward, all sequences of full length, no zoneout.</summary>
    public static RecurrentOptions Default { get; } = new();

    /// <summary>Whether inputs and results have shape (T, B, ...) instead of (B, T, ...).</summary>
    public bool TimeFirst { get; init; }

    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// The number of diagonal blocks of the recurrent weights, K, a divisor of H: a unit sees only the hidden states of its own
    /// block of H / K units. 1 by default.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;

    /// <summary>
    /// The number of steps of each sequence, shape (B,), each in [0, T]; later steps leave the state unchanged and give 0. Null
    /// for T in all.
    /// </summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>
    /// The fraction of the previous hidden state that each step keeps (zoneout), shape (T, B, H), in [0, 1]; or null.
    /// </summary>
    public Tensor? KeepHidden { get; init; }

    /// <summary>
    /// The fraction of the previous cell state that each step keeps (zoneout), shape (T, B, H), in [0, 1]; or null. For an LSTM
    /// only.
    /// </summary>
    public Tensor? KeepCell { get; init; }
}
