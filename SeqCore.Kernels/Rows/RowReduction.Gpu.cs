using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Combines one value of each thread over a row's team: neighbouring threads whose number is a power of two up to the group's.
/// Within a warp by shuffles, between warps through shared memory, in a fixed order. Every thread of the group takes part.
/// </summary>
internal static class RowReduction
{
    private const int MostWarps = 32;

    /// <summary>The sum over a team.</summary>
    internal static float Sum(float value, int team)
    {
        if (team <= WarpReduction.Width)
            return WarpReduction.Sum(value, team);
        var totals = SharedMemory.Allocate<float>(MostWarps);
        value = WarpReduction.Sum(value, WarpReduction.Width);
        if (Group.IdxX % WarpReduction.Width == 0)
            totals[Group.IdxX / WarpReduction.Width] = value;
        Group.Barrier();
        var first = FirstWarp(team);
        var sum = 0f;
        for (var warp = 0; warp < team / WarpReduction.Width; warp++)
            sum += totals[first + warp];
        Group.Barrier();
        return sum;
    }

    /// <summary>The greatest over a team (NaN is passed over).</summary>
    internal static float Max(float value, int team)
    {
        if (team <= WarpReduction.Width)
            return WarpReduction.Max(value, team);
        var totals = SharedMemory.Allocate<float>(MostWarps);
        value = WarpReduction.Max(value, WarpReduction.Width);
        if (Group.IdxX % WarpReduction.Width == 0)
            totals[Group.IdxX / WarpReduction.Width] = value;
        Group.Barrier();
        var first = FirstWarp(team);
        var most = totals[first];
        for (var warp = 1; warp < team / WarpReduction.Width; warp++)
            most = totals[first + warp] > most ? totals[first + warp] : most;
        Group.Barrier();
        return most;
    }

    private static int FirstWarp(int team) => (Group.IdxX & -team) / WarpReduction.Width;
}
