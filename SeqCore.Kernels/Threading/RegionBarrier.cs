using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>A barrier for phases of microseconds: threads spin, and yield only if one of them is very late.</summary>
internal sealed class RegionBarrier(int threads)
{
    /// <summary>The barrier of a region with one thread, where nobody waits.</summary>
    internal static readonly RegionBarrier Alone = new(1);

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
            Volatile.Write(ref counters.Phase, mine + 1);
            return;
        }

        for (var spins = 0; Volatile.Read(ref counters.Phase) == mine; spins++)
        {
            if (broken)
                throw new OperationCanceledException("Another thread of the parallel region failed.");
            Pause(spins);
        }
    }

    internal void Reset()
    {
        counters.Arrived = 0;
        broken = false;
    }

    internal void Break() => broken = true;

    /// <summary>
    /// Spins for about 10 microseconds, longer than threads with balanced work wait for each other, then yields the core: on a
    /// busy machine the awaited thread may be queued behind this one.
    /// </summary>
    internal static void Pause(int spins)
    {
        if (spins < 1000)
            Spin();
        else
            Thread.Yield();
    }

    /// <summary>
    /// Spins for about 10 nanoseconds; Thread.SpinWait is a call into the runtime and takes several times as long.
    /// </summary>
    internal static void Spin()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
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
