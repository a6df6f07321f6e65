namespace SeqCore.Models;

/// <summary>Specifies how a <see cref="RecurrentLayer"/> runs one layer in one direction over a batch of sequences.</summary>
public sealed record RecurrentPass
{
    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// The number of steps of each sequence, shape (B,), in [0, T]; later steps do not change the state and give 0. Null for T in
    /// all.
    /// </summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>Whether operations for training only, such as dropout, are active.</summary>
    public bool IsTraining { get; init; }

    /// <summary>
    /// The fraction of the previous hidden state that each step keeps (zoneout), shape (T, B, H), in [0, 1]; or null. An
    /// <see cref="Lstm"/> with a projection has P in place of H.
    /// </summary>
    public Tensor? KeepHidden { get; init; }

    /// <summary>
    /// The fraction of the previous cell state that each step keeps (zoneout), shape (T, B, H), in [0, 1]; or null.
    /// </summary>
    public Tensor? KeepCell { get; init; }
}
