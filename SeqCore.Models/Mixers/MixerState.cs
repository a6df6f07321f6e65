namespace SeqCore.Models;

/// <summary>
/// What a mixer remembers of the positions that it has read, for a batch of sequences that are continued: the
/// <see cref="KeyValueCache"/> of attention, the hidden state of a recurrence. Nothing is recorded on a tape.
/// </summary>
public abstract class MixerState : IDisposable
{
    /// <summary>Lets row b continue from what row rows[b] has read.</summary>
    /// <param name="rows">B rows, each in [0, B).</param>
    /// <exception cref="ArgumentException">Not B rows, or one out of range.</exception>
    public abstract void Reorder(ReadOnlySpan<int> rows);

    /// <summary>Forgets all positions.</summary>
    public abstract void Reset();

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the state owns.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
