using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SeqCore.Kernels;

/// <summary>
/// Combines values over runs of neighbouring threads of a group: threads 0 to width - 1, the next width, and so on. CUDA
/// exchanges them between registers (<see cref="WarpShuffles"/>); not every OpenCL device can, so there they go through shared
/// memory (<see cref="WarpsInSharedMemory"/>). Every thread of the group has to take part, and the result is the same in
/// every thread of a run.
/// </summary>
internal static class WarpReduction
{
    /// <summary>Threads in a warp, as the kernels count them on every device.</summary>
    internal const int Width = 32;

    /// <summary>The sum over a run of threads; width is a power of two up to 32.</summary>
    [IntrinsicImplementation]
    internal static float Sum(float value, int width) => WarpsInSharedMemory.Sum(value, width);

    /// <summary>
    /// The sum over so many threads whose numbers differ in the bits from apart on only; both are powers of two, their
    /// product at most 32.
    /// </summary>
    [IntrinsicImplementation]
    internal static float Sum(float value, int width, int apart) => WarpsInSharedMemory.Sum(value, width, apart);

    /// <summary>The greatest over a run of threads, none of which has NaN; width is a power of two up to 32.</summary>
    [IntrinsicImplementation]
    internal static float Max(float value, int width) => WarpsInSharedMemory.Max(value, width);

    /// <summary>The greatest over the threads that <see cref="Sum(float, int, int)"/> adds up, none of which has NaN.</summary>
    [IntrinsicImplementation]
    internal static float Max(float value, int width, int apart) => WarpsInSharedMemory.Max(value, width, apart);
}

/// <summary>
/// <see cref="WarpReduction"/> through shared memory: in each step a thread shows its value and takes its partner's. Two halves
/// of the memory take turns, so that one barrier a step is enough:
/// <code>
/// half 0   write | barrier | read                     write | barrier | read
/// half 1                          write | barrier | read                     ...  barrier
/// </code>
/// (A second barrier behind the reading would not do: ILGPU moves a load to where its value is used, past barriers.)
/// </summary>
internal static class WarpsInSharedMemory
{
    /// <summary>Threads of the largest group; kernels with more run on CUDA only.</summary>
    private const int MostThreads = 256;

    internal static float Sum(float value, int width) => Sum(value, width, 1);

    internal static float Sum(float value, int width, int apart)
    {
        var shared = SharedMemory.Allocate<float>(2 * MostThreads);
        var mine = Group.IdxX;
        for (var distance = width * apart >> 1; distance >= apart; distance >>= 1)
        {
            shared[mine] = value;
            Group.Barrier();
            value += shared[mine ^ distance];
            mine ^= MostThreads;
        }

        Group.Barrier();
        return value;
    }

    internal static float Max(float value, int width) => Max(value, width, 1);

    internal static float Max(float value, int width, int apart)
    {
        var shared = SharedMemory.Allocate<float>(2 * MostThreads);
        var mine = Group.IdxX;
        for (var distance = width * apart >> 1; distance >= apart; distance >>= 1)
        {
            shared[mine] = value;
            Group.Barrier();
            var other = shared[mine ^ distance];
            value = other > value ? other : value;
            mine ^= MostThreads;
        }

        Group.Barrier();
        return value;
    }
}

/// <summary>
/// <see cref="WarpReduction"/> between the registers of a CUDA warp. Steps are written out: where the width is a constant, that
/// leaves an exchange and a sum of each, a third of a loop's instructions.
/// </summary>
internal static class WarpShuffles
{
    internal static float Sum(float value, int width) => Sum(value, width, 1);

    internal static float Sum(float value, int width, int apart)
    {
        var first = width * apart >> 1;
        if (first >= 16 && apart <= 16)
            value += Warp.ShuffleXor(value, 16);
        if (first >= 8 && apart <= 8)
            value += Warp.ShuffleXor(value, 8);
        if (first >= 4 && apart <= 4)
            value += Warp.ShuffleXor(value, 4);
        if (first >= 2 && apart <= 2)
            value += Warp.ShuffleXor(value, 2);
        if (first >= 1 && apart <= 1)
            value += Warp.ShuffleXor(value, 1);
        return value;
    }

    internal static float Max(float value, int width) => Max(value, width, 1);

    internal static float Max(float value, int width, int apart)
    {
        var first = width * apart >> 1;
        if (first >= 16 && apart <= 16)
            value = IntrinsicMath.Max(value, Warp.ShuffleXor(value, 16));
        if (first >= 8 && apart <= 8)
            value = IntrinsicMath.Max(value, Warp.ShuffleXor(value, 8));
        if (first >= 4 && apart <= 4)
            value = IntrinsicMath.Max(value, Warp.ShuffleXor(value, 4));
        if (first >= 2 && apart <= 2)
            value = IntrinsicMath.Max(value, Warp.ShuffleXor(value, 2));
        if (first >= 1 && apart <= 1)
            value = IntrinsicMath.Max(value, Warp.ShuffleXor(value, 1));
        return value;
    }
}

/// <summary>
/// Combines one value of each thread over the whole group, in a fixed order; every thread takes part and gets the result.
/// </summary>
internal static class GroupReduction
{
    private const int MostWarps = 32;

    /// <summary>The sum over the group; its size is a multiple of 32.</summary>
    internal static float Sum(float value)
    {
        var totals = SharedMemory.Allocate<float>(MostWarps);
        value = WarpReduction.Sum(value, WarpReduction.Width);
        if ((Group.IdxX & (WarpReduction.Width - 1)) == 0)
            totals[Group.IdxX / WarpReduction.Width] = value;
        Group.Barrier();
        var sum = 0f;
        for (var warp = 0; warp < Group.DimX / WarpReduction.Width; warp++)
            sum += totals[warp];
        Group.Barrier();
        return sum;
    }

    /// <summary>The greatest over the group, of which no thread has NaN; its size is a multiple of 32.</summary>
    internal static float Max(float value)
    {
        var totals = SharedMemory.Allocate<float>(MostWarps);
        value = WarpReduction.Max(value, WarpReduction.Width);
        if ((Group.IdxX & (WarpReduction.Width - 1)) == 0)
            totals[Group.IdxX / WarpReduction.Width] = value;
        Group.Barrier();
        var most = totals[0];
        for (var warp = 1; warp < Group.DimX / WarpReduction.Width; warp++)
            most = totals[warp] > most ? totals[warp] : most;
        Group.Barrier();
        return most;
    }
}
