namespace SeqCore.Models;

/// <summary>How a <see cref="RecurrentLayer"/> runs one layer in one direction over a batch of sequences.</summary>
public sealed record RecurrentPass
{
    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// Shape (B,): steps of each sequence, in [0, T]; later steps leave the state as it was and give 0. Null: all T.
    /// </summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>Whether what acts in training only, such as dropout, acts.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Shape (T, B, H): share of the previous hidden state that each step keeps (zoneout), in [0, 1]; or null.</summary>
    public Tensor? KeepHidden { get; init; }

    /// <summary>Shape (T, B, H): share of the previous cell state that each step keeps (zoneout), in [0, 1]; or null.</summary>
    public Tensor? KeepCell { get; init; }
}
