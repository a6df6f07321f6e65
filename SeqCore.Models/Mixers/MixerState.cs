namespace SeqCore.Models;

/// <summary>
/// What a mixer remembers of the positions that it has read, for a batch of sequences that are continued, such as the
/// <see cref="KeyValueCache"/> of attention or the hidden state of a recurrence. Nothing is recorded on a tape.
/// </summary>
public abstract class MixerState : IDisposable
{
    /// <summary>Replaces the state of row b by that of row rows[b].</summary>
    /// <param name="rows">The B rows, each in [0, B).</param>
    /// <exception cref="ArgumentException">There are not B rows, or one is out of range.</exception>
    public abstract void Reorder(ReadOnlySpan<int> rows);

    /// <summary>Removes all positions.</summary>
    public abstract void Reset();

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the state owns.</summary>
    /// <param name="disposing">Whether the state is being disposed; always true.</param>
    protected abstract void Dispose(bool disposing);
}
