using ILGPU;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// Divides a group's 256 threads into teams, one for each result, whose size depends on the number of reduced elements. If the
/// reduced elements are contiguous, a team is a run of threads; if neighbouring results are contiguous, teams lie across, so that
/// in both cases neighbouring threads read neighbouring floats:
/// <code>
///   along: teams of 4           across: teams of 4, 8 results of a row
///   thread  0 1 2 3 4 5 ...     thread  0 1 2 3 4 5 6 7      reduced element 0
///   result  0 0 0 0 1 1 ...             8 9 ...              reduced element 1
///   element 0 1 2 3 0 1 ...     result  0 1 2 3 4 5 6 7
/// </code>
/// </summary>
internal struct GpuTeams
{
    /// <summary>The number of threads in a group.</summary>
    internal const int Threads = 256;

    /// <summary>The number of threads in a team, a power of two up to 256.</summary>
    internal int Width;

    /// <summary>The number of results of a group: 256 / width.</summary>
    internal int Teams;

    /// <summary>1 if teams lie across, otherwise 0.</summary>
    internal int Across;

    /// <summary>Makes teams that reduce the given number of elements to each of the results.</summary>
    internal static GpuTeams For(int results, int elements, bool across)
    {
        // Across, 32 neighbouring results fill a warp's load; along, each result gets a warp, or the whole group if it has too
        // many elements for a warp.
        var width = across
            ? Threads / Power(Math.Min(results, 32))
            : elements <= 1024 ? Math.Min(Power(elements), 32) : Threads;
        if (across)
            width = Math.Min(width, Power(elements));
        return new GpuTeams { Width = width, Teams = Threads / width, Across = across ? 1 : 0 };
    }

    /// <summary>The number of this thread in its team.</summary>
    internal readonly int Lane => Across != 0 ? Group.IdxX / Teams : Group.IdxX % Width;

    /// <summary>The result that this thread's team computes; it may be past the last one.</summary>
    internal readonly int Result => Grid.IdxX * Teams + (Across != 0 ? Group.IdxX % Teams : Group.IdxX / Width);

    /// <summary>Combines the values of this thread's team, for its first lane.</summary>
    internal readonly T ForFirst<T>(T value) where T : unmanaged, ITeamValue<T> =>
        TeamReduction.ForFirst(value, Lane, Width, Across != 0 ? Teams : 1);

    // Returns the smallest power of two not below n.
    private static int Power(int n) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(n, 1, Threads));
}
