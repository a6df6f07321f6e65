using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SeqCore.Kernels;

/// <summary>
/// Combines one value of each thread over a row's team: neighbouring threads whose number is a power of two from 4 to the
/// group's, in a fixed order; every thread of the team gets the result, and every thread of the group takes part. CUDA shuffles
/// within warps (<see cref="RowShuffles"/>); OpenCL goes through shared memory (<see cref="RowsInSharedMemory"/>).
/// </summary>
internal static class RowReduction
{
    /// <summary>The sum over a team.</summary>
    [IntrinsicImplementation]
    internal static float Sum(float value, int team) => RowsInSharedMemory.Sum(value, team);

    /// <summary>The greatest over a team, of which no thread has NaN.</summary>
    [IntrinsicImplementation]
    internal static float Max(float value, int team) => RowsInSharedMemory.Max(value, team);
}

/// <summary>
/// <see cref="RowReduction"/> between registers within a warp; warps show each other their results in shared memory.
/// </summary>
internal static class RowShuffles
{
    private const int MostWarps = RowPlace.MostTeam / WarpReduction.Width;

    internal static float Sum(float value, int team)
    {
        if (team < WarpReduction.Width)
            return WarpReduction.Sum(value, team);
        value = WarpReduction.Sum(value, WarpReduction.Width);
        if (team == WarpReduction.Width)
            return value;
        var sums = SharedMemory.Allocate<float>(MostWarps);
        Show(value, sums);
        value = WarpReduction.Sum(Other(sums, team, 0f), MostWarps);
        Group.Barrier();
        return value;
    }

    internal static float Max(float value, int team)
    {
        if (team < WarpReduction.Width)
            return WarpReduction.Max(value, team);
        value = WarpReduction.Max(value, WarpReduction.Width);
        if (team == WarpReduction.Width)
            return value;
        var greatest = SharedMemory.Allocate<float>(MostWarps);
        Show(value, greatest);
        value = WarpReduction.Max(Other(greatest, team, float.NegativeInfinity), MostWarps);
        Group.Barrier();
        return value;
    }

    private static void Show(float value, ArrayView<float> shared)
    {
        if ((Group.IdxX & (WarpReduction.Width - 1)) == 0)
            shared[Group.IdxX / WarpReduction.Width] = value;
        Group.Barrier();
    }

    // Of each run of lanes each has another warp of the team, or none.
    private static float Other(ArrayView<float> shared, int team, float none)
    {
        var warp = Group.IdxX & (MostWarps - 1);
        return warp < team / WarpReduction.Width ? shared[(Group.IdxX & -team) / WarpReduction.Width + warp] : none;
    }
}

/// <summary>
/// <see cref="RowReduction"/> in two steps: each thread combines the run of up to 16 that it lies in, then the runs of its team.
/// No barrier lies in a loop.
/// </summary>
internal static class RowsInSharedMemory
{
    private const int Run = 16;

    internal static float Sum(float value, int team)
    {
        var shared = SharedMemory.Allocate<float>(RowPlace.MostTeam);
        var runs = SharedMemory.Allocate<float>(RowPlace.MostTeam);
        var run = team < Run ? team : Run;
        int thread = Group.IdxX, firstOfRun = thread & -run, firstOfTeam = thread & -team;
        shared[thread] = value;
        Group.Barrier();
        var sum = 0f;
        for (var i = 0; i < run; i++)
            sum += shared[firstOfRun + i];
        runs[thread] = sum;
        Group.Barrier();
        sum = 0f;
        for (var i = 0; i < team; i += run)
            sum += runs[firstOfTeam + i];
        Group.Barrier();
        return sum;
    }

    internal static float Max(float value, int team)
    {
        var shared = SharedMemory.Allocate<float>(RowPlace.MostTeam);
        var runs = SharedMemory.Allocate<float>(RowPlace.MostTeam);
        var run = team < Run ? team : Run;
        int thread = Group.IdxX, firstOfRun = thread & -run, firstOfTeam = thread & -team;
        shared[thread] = value;
        Group.Barrier();
        var most = float.NegativeInfinity;
        for (var i = 0; i < run; i++)
            most = shared[firstOfRun + i] > most ? shared[firstOfRun + i] : most;
        runs[thread] = most;
        Group.Barrier();
        most = float.NegativeInfinity;
        for (var i = 0; i < team; i += run)
            most = runs[firstOfTeam + i] > most ? runs[firstOfTeam + i] : most;
        Group.Barrier();
        return most;
    }
}
