using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>A barrier for phases of microseconds: threads spin, and sleep only if one of them is very late.</summary>
internal sealed class RegionBarrier
{
    /// <summary>The barrier of a region with one thread, where nobody waits.</summary>
    internal static readonly RegionBarrier Alone = new();

    private readonly Sleepers sleepers = new();
    private int threads = 1;
    private Counters counters;
    private volatile bool broken;

    /// <summary>Waits until every thread of the region has arrived.</summary>
    /// <exception cref="OperationCanceledException">Another thread of the region failed.</exception>
    internal void Wait()
    {
        if (threads == 1)
            return;
        var mine = Volatile.Read(ref counters.Phase);
        if (Interlocked.Increment(ref counters.Arrived) == threads)
        {
            counters.Arrived = 0;
            Interlocked.Exchange(ref counters.Phase, mine + 1);
            sleepers.Wake();
            return;
        }

        sleepers.WaitUntil((Barrier: this, Phase: mine),
            static s => Volatile.Read(ref s.Barrier.counters.Phase) != s.Phase || s.Barrier.broken);
        if (Volatile.Read(ref counters.Phase) == mine)
            throw new OperationCanceledException("Another thread of the parallel region failed.");
    }

    /// <summary>Prepares the barrier for a region; none of its threads may be waiting.</summary>
    internal void Reset(int regionThreads)
    {
        threads = regionThreads;
        counters.Arrived = 0;
        broken = false;
    }

    internal void Break()
    {
        broken = true;
        Interlocked.MemoryBarrier();
        sleepers.Wake();
    }

    /// <summary>
    /// Each counter has its own pair of cache lines, so that threads that wait on one do not slow the writers of the other.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Counters
    {
        [FieldOffset(128)]
        internal int Arrived;

        [FieldOffset(256)]
        internal int Phase;
    }
}
