namespace SeqCore.Functions;

/// <summary>How a recurrent layer runs over its sequences.</summary>
public sealed record RecurrentOptions
{
    /// <summary>Batch-first, forwards, all sequences of full length, no zoneout.</summary>
    public static RecurrentOptions Default { get; } = new();

    /// <summary>Whether inputs and results have shape (T, B, ...) instead of (B, T, ...).</summary>
    public bool TimeFirst { get; init; }

    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// K, blocks of the recurrent weights, a divisor of H: a unit sees the hidden states of its block of H / K units alone.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;

    /// <summary>
    /// Shape (B,): steps of each sequence, in [0, T]; later steps leave the state as it was and give 0. Null: all T.
    /// </summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>Shape (T, B, H): share of the previous hidden state that each step keeps (zoneout), in [0, 1]; or null.</summary>
    public Tensor? KeepHidden { get; init; }

    /// <summary>
    /// LSTM only. Shape (T, B, H): share of the previous cell state that each step keeps (zoneout), in [0, 1]; or null.
    /// </summary>
    public Tensor? KeepCell { get; init; }
}
