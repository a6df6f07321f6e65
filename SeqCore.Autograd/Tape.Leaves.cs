namespace SeqCore;

public sealed partial class Tape
{
    private readonly List<Variable> leaves = [];

    /// <summary>
    /// The leaves to whose gradient the backward pass has added, each once; empty before it. In a training loop, those that no
    /// optimizer has are either meant not to be trained (freezing them saves the time of their gradients) or were forgotten.
    /// </summary>
    public IEnumerable<Variable> ReachedLeaves => leaves.Distinct();

    /// <summary>Adds the leaves that a part of the backward pass reached on a tape of its own.</summary>
    internal void NoteReached(IEnumerable<Variable> ofPart) => leaves.AddRange(ofPart);
}
