namespace SeqCore.Models;

/// <summary>
/// Rejects a second thread while one is at work, because two would corrupt each other's data silently. One thread after the other
/// is allowed. Once it is closed it rejects all work.
/// </summary>
/// <param name="owner">The name that errors use for the object.</param>
/// <param name="hint">A hint on what to do instead.</param>
internal sealed class OneThread(string owner, string hint)
{
    private int isBusy;
    private bool isClosed;

    /// <summary>Begins work, which ends when the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread is at work.</exception>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    internal Work Begin()
    {
        RequireOpen();
        return Interlocked.Exchange(ref isBusy, 1) == 0
            ? new Work(this)
            : throw new InvalidOperationException($"{owner}: two threads use it at once. {hint}");
    }

    /// <summary>Requires that the object has not been disposed.</summary>
    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    internal void RequireOpen()
    {
        if (Volatile.Read(ref isClosed))
            throw new ObjectDisposedException(owner, $"{owner}: it has been disposed. Dispose it after its last use.");
    }

    /// <summary>Rejects all work from now on, because the object is disposed.</summary>
    internal void Close() => Volatile.Write(ref isClosed, true);

    /// <summary>The work of one thread, which ends when it is disposed.</summary>
    internal readonly ref struct Work(OneThread owner)
    {
        public void Dispose() => Volatile.Write(ref owner.isBusy, 0);
    }
}
