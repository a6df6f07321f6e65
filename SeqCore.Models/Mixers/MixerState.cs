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

    /// <summary>Whether <see cref="SetPadding"/> is supported; false in the default implementation.</summary>
    public virtual bool SupportsPadding => false;

    /// <summary>
    /// Specifies how many of the first positions of each row are padding, with which a batch of sequences of different lengths is
    /// filled on the left. Later positions see nothing of it, until the state is reset; <see cref="Reorder"/> moves it.
    /// </summary>
    /// <param name="lengths">The number of padding positions of each row, B numbers of at least 0.</param>
    /// <exception cref="NotSupportedException">
    /// The state cannot leave out positions, as in the default implementation.
    /// </exception>
    /// <exception cref="InvalidOperationException">Positions have been read.</exception>
    public virtual void SetPadding(ReadOnlySpan<int> lengths) => throw new NotSupportedException(
        $"{GetType().Name}: it cannot leave out padding, so sequences of different lengths cannot be read together."
            + $" Hint: implement {nameof(SetPadding)}.");

    /// <summary>Removes all positions, padding included.</summary>
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
