using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Lets groups that are on the device at the same time wait for each other. A counter in global memory only grows: each group adds 1
/// when it arrives, and goes on when the counter has reached the number of groups times the number of times they met.
/// <code>
/// group 0   ...writes... | fence | +1 |  polls until n  | fence | ...reads what the others wrote...
/// group 1   ......writes......... | fence | +1 | polls  | fence |
/// </code>
/// The fence before the arrival makes a group's writes visible before its 1 is; the one after the polling keeps reads from being
/// served by what the nearer cache held before. One thread arrives for its group, between two barriers of the group.
/// </summary>
internal static class GroupsBarrier
{
    /// <summary>Elements between counters, so that each has a cache line of its own.</summary>
    internal const int Stride = 32;

    /// <summary>Arrives, and waits until the counter is at least the target. Every thread of the group has to call it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Wait(ArrayView<int> counters, int counter, int target)
    {
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            MemoryFence.DeviceLevel();
            Atomic.Add(ref counters[counter * Stride], 1);
            while (Atomic.Add(ref counters[counter * Stride], 0) < target)
            {
            }

            MemoryFence.DeviceLevel();
        }

        Group.Barrier();
    }
}
