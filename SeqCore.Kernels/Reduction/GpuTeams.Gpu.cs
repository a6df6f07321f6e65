using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// How a group's 256 threads share out results: a team of some threads for each, as many as what is reduced is worth. Where what
/// is reduced lies contiguous, a team is a run of threads; where neighbouring results do, teams lie across, so that in both cases
/// neighbouring threads read neighbouring floats:
/// <code>
///   along: teams of 4           across: teams of 4, 8 results of a row
///   thread  0 1 2 3 4 5 ...     thread  0 1 2 3 4 5 6 7      element 0 of what is reduced
///   result  0 0 0 0 1 1 ...             8 9 ...              element 1
///   element 0 1 2 3 0 1 ...     result  0 1 2 3 4 5 6 7
/// </code>
/// </summary>
internal struct GpuTeams
{
    /// <summary>Threads in a group.</summary>
    internal const int Threads = 256;

    /// <summary>Threads in a team: a power of two up to 256.</summary>
    internal int Width;

    /// <summary>Results of a group: 256 / width.</summary>
    internal int Teams;

    /// <summary>Whether teams lie across.</summary>
    internal int Across;

    /// <summary>Teams for reducing some elements to each of some results.</summary>
    internal static GpuTeams For(int results, int elements, bool across)
    {
        // Across, 32 neighbouring results fill a warp's load; along, a warp each, or the whole group if that
        // is not enough for it.
        var width = across
            ? Threads / Power(Math.Min(results, 32))
            : elements <= 1024 ? Math.Min(Power(elements), 32) : Threads;
        if (across)
            width = Math.Min(width, Power(elements));
        return new GpuTeams { Width = width, Teams = Threads / width, Across = across ? 1 : 0 };
    }

    /// <summary>This thread's place in its team.</summary>
    internal readonly int Lane => Across != 0 ? Group.IdxX / Teams : Group.IdxX % Width;

    /// <summary>The result that this thread's team computes; it may be beyond the last.</summary>
    internal readonly int Result => Grid.IdxX * Teams + (Across != 0 ? Group.IdxX % Teams : Group.IdxX / Width);

    /// <summary>Combines the values of this thread's team, for its first lane.</summary>
    internal readonly T ForFirst<T>(T value) where T : unmanaged, ITeamValue<T> =>
        TeamReduction.ForFirst(value, Lane, Width, Across != 0 ? Teams : 1);

    // The least power of two not below n.
    private static int Power(int n) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(n, 1, Threads));
}
