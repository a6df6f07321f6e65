namespace SeqCore.Models;

/// <summary>
/// Rejects a second thread while one is at work, because two would corrupt each other's data silently. One thread after the other
/// is allowed.
/// </summary>
/// <param name="owner">The name that errors use for the object.</param>
/// <param name="hint">A hint on what to do instead.</param>
internal sealed class OneThread(string owner, string hint)
{
    private int isBusy;

    /// <summary>Begins work, which ends when the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread is at work.</exception>
    internal Work Begin() => Interlocked.Exchange(ref isBusy, 1) == 0
        ? new Work(this)
        : throw new InvalidOperationException($"{owner}: two threads use it at once. {hint}");

    /// <summary>The work of one thread, which ends when it is disposed.</summary>
    internal readonly ref struct Work(OneThread owner)
    {
        public void Dispose() => Volatile.Write(ref owner.isBusy, 0);
    }
}
