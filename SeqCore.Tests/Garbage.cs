namespace SeqCore.Tests;

internal static class Garbage
{
    /// <summary>
    /// The bytes of managed memory that an action allocates on this thread: the least of several attempts, because a
    /// collection of what other tests left undisposed, in the middle of an attempt, allocates too.
    /// </summary>
    public static long Of(Action action, int attempts = 5)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
