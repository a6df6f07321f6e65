using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SeqCore.Kernels;

/// <summary>
/// Combines one value of each thread over a team, in a fixed order. A team is a power of two of 2 to 256 threads, whose numbers
/// differ in the lowest bits only or, within a warp, in the same number of higher bits. Every thread of the group takes part and
/// gets the result of its team. CUDA exchanges values between registers (<see cref="TeamShuffles"/>); not every OpenCL device
/// can, so there they go through shared memory (<see cref="TeamsInSharedMemory"/>).
/// </summary>
internal static class TeamReduction
{
    /// <summary>The number of threads in a warp, as the kernels count them on every device.</summary>
    internal const int WarpSize = 32;

    /// <summary>The number of threads of the largest team.</summary>
    internal const int MostThreads = 256;

    /// <summary>Returns the sum over a team.</summary>
    internal static float Sum(float value, int team, int apart = 1) => Reduce<SumReducer>(value, team, apart);

    /// <summary>Returns the maximum over a team in which no value is NaN.</summary>
    internal static float Max(float value, int team, int apart = 1) => Reduce<MaxReducer>(value, team, apart);

    /// <summary>
    /// Combines the values of a team; the numbers of its threads differ by apart, a power of two, where team * apart is at most
    /// 32.
    /// </summary>
    [IntrinsicImplementation]
    internal static float Reduce<TReducer>(float value, int team, int apart) where TReducer : struct, IReducer =>
        TeamsInSharedMemory.Reduce<TReducer>(value, team, apart);

    /// <summary>Combines two values.</summary>
    internal static float Combine<TReducer>(float x, float y) where TReducer : struct, IReducer =>
        TReducer.Combine(new LaneGpu(x), new LaneGpu(y)).Value;

    /// <summary>
    /// Combines values of several numbers over a team, for its first lane: the first half of the lanes adds the values of the
    /// second half, then the first quarter those of the second quarter, and so on.
    /// </summary>
    /// <param name="value">The thread's value.</param>
    /// <param name="lane">The thread's number in its team.</param>
    /// <param name="team">The number of threads in the team, a power of two up to 256.</param>
    /// <param name="apart">The difference between the numbers of neighbours in the team.</param>
    internal static T ForFirst<T>(T value, int lane, int team, int apart) where T : unmanaged, ITeamValue<T>
    {
        var shared = SharedMemory.Allocate<T>(MostThreads);
        for (var lanes = team >> 1; lanes > 0; lanes >>= 1)
        {
            shared[Group.IdxX] = value;
            Group.Barrier();
            if (lane < lanes)
                value = value.Combine(shared[Group.IdxX + lanes * apart]);
            Group.Barrier();
        }

        return value;
    }
}

/// <summary>A value that the threads of a team combine.</summary>
internal interface ITeamValue<TSelf> where TSelf : struct
{
    /// <summary>Combines this value with another one.</summary>
    TSelf Combine(TSelf other);
}

/// <summary>
/// <see cref="TeamReduction"/> between the registers of a CUDA warp; warps exchange their results in shared memory. The steps are
/// unrolled: if the team is a constant, each is an exchange and a sum, a third of a loop's instructions.
/// </summary>
internal static class TeamShuffles
{
    private const int MostWarps = TeamReduction.MostThreads / TeamReduction.WarpSize;

    internal static float Reduce<TReducer>(float value, int team, int apart) where TReducer : struct, IReducer
    {
        if (team < TeamReduction.WarpSize)
            return OverWarp<TReducer>(value, team, apart);
        value = OverWarp<TReducer>(value, TeamReduction.WarpSize, 1);
        if (team == TeamReduction.WarpSize)
            return value;
        var shared = SharedMemory.Allocate<float>(MostWarps);
        if ((Group.IdxX & (TeamReduction.WarpSize - 1)) == 0)
            shared[Group.IdxX / TeamReduction.WarpSize] = value;
        Group.Barrier();

        // Each lane of a run reads another warp of the team, or none.
        var warp = Group.IdxX & (MostWarps - 1);
        value = warp < team / TeamReduction.WarpSize
            ? shared[(Group.IdxX & -team) / TeamReduction.WarpSize + warp]
            : TReducer.Empty;
        value = OverWarp<TReducer>(value, MostWarps, 1);
        Group.Barrier();
        return value;
    }

    private static float OverWarp<TReducer>(float value, int team, int apart) where TReducer : struct, IReducer
    {
        var first = team * apart >> 1;
        if (first >= 16 && apart <= 16)
            value = TeamReduction.Combine<TReducer>(value, Warp.ShuffleXor(value, 16));
        if (first >= 8 && apart <= 8)
            value = TeamReduction.Combine<TReducer>(value, Warp.ShuffleXor(value, 8));
        if (first >= 4 && apart <= 4)
            value = TeamReduction.Combine<TReducer>(value, Warp.ShuffleXor(value, 4));
        if (first >= 2 && apart <= 2)
            value = TeamReduction.Combine<TReducer>(value, Warp.ShuffleXor(value, 2));
        if (first >= 1 && apart <= 1)
            value = TeamReduction.Combine<TReducer>(value, Warp.ShuffleXor(value, 1));
        return value;
    }
}

/// <summary>
/// <see cref="TeamReduction"/> in two steps: each thread combines its run of up to 16 threads, then the runs of its team. No
/// barrier is inside a loop.
/// </summary>
internal static class TeamsInSharedMemory
{
    private const int Run = 16;

    internal static float Reduce<TReducer>(float value, int team, int apart) where TReducer : struct, IReducer
    {
        var shared = SharedMemory.Allocate<float>(TeamReduction.MostThreads);
        var runs = SharedMemory.Allocate<float>(TeamReduction.MostThreads);
        var run = team < Run ? team : Run;
        int thread = Group.IdxX, firstOfRun = thread & ~((run - 1) * apart), firstOfTeam = thread & ~((team - 1) * apart);
        shared[thread] = value;
        Group.Barrier();
        var result = TReducer.Empty;
        for (var i = 0; i < run; i++)
            result = TeamReduction.Combine<TReducer>(result, shared[firstOfRun + i * apart]);
        runs[thread] = result;
        Group.Barrier();
        result = TReducer.Empty;
        for (var i = 0; i < team; i += run)
            result = TeamReduction.Combine<TReducer>(result, runs[firstOfTeam + i * apart]);
        Group.Barrier();
        return result;
    }
}
