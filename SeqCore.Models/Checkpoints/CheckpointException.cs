namespace SeqCore.Models;

/// <summary>
/// The exception for a checkpoint that cannot be read, is damaged, or belongs to another model; the message names the file and
/// the reason.
/// </summary>
/// <param name="message">The message for the user.</param>
/// <param name="inner">The exception that caused this one, or null.</param>
public sealed class CheckpointException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>
    /// Whether the checkpoint is intact but belongs to a run with other options, data, model or optimizer than the run that is to
    /// continue from it.
    /// </summary>
    public bool IsFromAnotherRun { get; internal init; }
}
