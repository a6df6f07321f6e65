using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Lets groups that are on the device at the same time wait for each other. A counter in global memory only grows: each group
/// adds 1 when it arrives, and goes on when the counter has reached the number of groups times the number of times they met.
/// <code>
/// group 0   ...writes... | fence | +1 |  polls until n  | fence | ...reads what the others wrote...
/// group 1   ......writes......... | fence | +1 | polls  | fence |
/// </code>
/// The fence before the arrival makes a group's writes visible before its 1 is; the one after the polling keeps reads from being
/// served by what the nearer cache held before. One thread arrives for its group, between two barriers of the group. It polls
/// with plain loads past the nearer cache, which do not keep the counter from those that still have to add to it.
/// </summary>
/// <remarks>
/// Where another program holds a part of the device, as under MPS, some groups may not start before others end. So the number of
/// polls is bounded: a group that gives up notes it and opens the counter for good, so that the kernel ends, with wrong results;
/// the next read on the host throws.
/// </remarks>
internal struct GroupsBarrier
{
    /// <summary>Elements between counters, so that each has a cache line of its own.</summary>
    internal const int Stride = 32;

    /// <summary>A count that no wait is for, and to which all groups can still add their arrivals.</summary>
    private const int Open = 1 << 30;

    /// <summary>The counters, all 0 at the launch.</summary>
    internal ArrayView<int> Counters;

    /// <summary>Where giving up is noted, and under which number.</summary>
    internal ArrayView<int> Notes;
    internal int Number;

    /// <summary>Polls after which a group gives up.</summary>
    internal int MostPolls;

    /// <summary>Arrives, and waits until the counter is at least the target. Every thread of the group has to call it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Wait(int counter, int target)
    {
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            MemoryFence.DeviceLevel();
            Atomic.Add(ref Counters[counter * Stride], 1);
            for (var polls = 0; GpuIntrinsics.VolatileLoad(ref Counters[counter * Stride]) < target; polls++)
            {
                if (polls >= MostPolls)
                {
                    IndexProblems.Note(Notes, Number, counter, target);
                    Atomic.Exchange(ref Counters[counter * Stride], Open);
                }
            }

            MemoryFence.DeviceLevel();
        }

        Group.Barrier();
    }
}
