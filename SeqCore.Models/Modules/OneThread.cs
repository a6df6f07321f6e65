namespace SeqCore.Models;

/// <summary>
/// Refuses a second thread while one is at work: what both would change would be mixed up without a word. One thread after the
/// other is fine.
/// </summary>
/// <param name="owner">What errors call it.</param>
/// <param name="hint">What to do instead.</param>
internal sealed class OneThread(string owner, string hint)
{
    private int isBusy;

    /// <summary>Begins work, which ends when the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread is at work.</exception>
    internal Work Begin() => Interlocked.Exchange(ref isBusy, 1) == 0
        ? new Work(this)
        : throw new InvalidOperationException($"{owner}: two threads use it at once. {hint}");

    /// <summary>What one thread does until it is disposed.</summary>
    internal readonly ref struct Work(OneThread owner)
    {
        public void Dispose() => Volatile.Write(ref owner.isBusy, 0);
    }
}
