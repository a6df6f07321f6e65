using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Lets groups that are on the device at the same time wait for each other. A counter in global memory only grows: each group
/// adds 1 when it arrives, and continues when the counter has reached the number of groups times the number of barriers so far.
/// <code>
/// group 0   ...writes... | fence | +1 |  polls until n  | fence | ...reads what the others wrote...
/// group 1   ......writes......... | fence | +1 | polls  | fence |
/// </code>
/// The fence before the arrival makes a group's writes visible before its increment; the one after the polling prevents reads of
/// stale values from the L1 cache. One thread arrives for its group, between two barriers of the group. It polls with plain loads
/// that bypass the L1 cache and do not delay the increments of other groups.
/// </summary>
/// <remarks>
/// If another program uses a part of the device, as under MPS, some groups may not start before others end. So the number of
/// polls is limited: a group that gives up notes it and opens the counter for good, so that the kernel ends, with wrong results;
/// the next read on the host throws.
/// </remarks>
internal struct GroupsBarrier
{
    /// <summary>The number of elements between counters, so that each has its own cache line.</summary>
    internal const int Stride = 32;

    /// <summary>A count above every target, to which all groups can still add their arrivals.</summary>
    private const int Open = 1 << 30;

    /// <summary>The counters, all 0 at the launch.</summary>
    internal ArrayView<int> Counters;

    /// <summary>The memory in which giving up is noted, and the number of the operation.</summary>
    internal ArrayView<int> Notes;
    internal int Number;

    /// <summary>The number of polls after which a group gives up.</summary>
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
