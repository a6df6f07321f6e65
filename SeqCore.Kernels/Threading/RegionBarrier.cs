namespace SeqCore.Kernels;

/// <summary>A barrier for phases of microseconds: threads spin, and yield only when one of them is long overdue.</summary>
internal sealed class RegionBarrier(int threads)
{
    /// <summary>The barrier of a region with one thread, where nobody waits.</summary>
    internal static readonly RegionBarrier Alone = new(1);

    private int arrived;
    private volatile int phase;
    private volatile bool broken;

    /// <summary>Waits until every thread of the region has come here.</summary>
    /// <exception cref="OperationCanceledException">Another thread of the region failed.</exception>
    internal void Wait()
    {
        if (threads == 1)
            return;
        var mine = phase;
        if (Interlocked.Increment(ref arrived) == threads)
        {
            arrived = 0;
            phase = mine + 1;
            return;
        }

        for (var spins = 0; phase == mine; spins++)
        {
            if (broken)
                throw new OperationCanceledException("Another thread of the parallel region failed.");
            Pause(spins);
        }
    }

    internal void Reset()
    {
        arrived = 0;
        broken = false;
    }

    internal void Break() => broken = true;

    /// <summary>
    /// Spins for some 10 microseconds, longer than threads with even shares wait for each other, then gives the core away: on a
    /// busy machine the thread waited for may be queued behind this one.
    /// </summary>
    internal static void Pause(int spins)
    {
        if (spins < 250)
            Thread.SpinWait(4);
        else
            Thread.Yield();
    }
}
