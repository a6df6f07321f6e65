namespace SeqCore.Tests;

internal static class Garbage
{
    /// <summary>
    /// Collects what earlier tests left, so that it is not collected, and its memory released, in the middle of this one.
    /// </summary>
    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

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
