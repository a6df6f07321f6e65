namespace SeqCore.Models;

/// <summary>
/// A checkpoint that cannot be read, is altered, or belongs to another model: the message says which file and why.
/// </summary>
/// <param name="message">For a user to read.</param>
/// <param name="inner">What the system said, if it said anything.</param>
public sealed class CheckpointException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>
    /// Whether the checkpoint is whole, and only of a run with other options, data, model or optimizer than the one that wants to
    /// continue from it.
    /// </summary>
    public bool IsOfAnotherRun { get; internal init; }
}
