using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Which elements of which row a thread works on. A group of 256 threads is cut into teams of 4 to 256 threads, a power of two,
/// and each team has a row; it takes a part of the row at a time, four chunks of four floats a thread:
/// <code>
/// row   |------ chunk 0 ------|------ chunk 1 ------|------ chunk 2 ------|------ chunk 3 ------|  next part
///        t0   t1   ...    tn   t0   t1   ...    tn
///       |xxxx|xxxx|     |xxxx|                       aligned: four neighbours at once
///       |x  .|x  .| -> every team-th element          else: neighbours lie with neighbouring threads
/// </code>
/// Rows of up to 16 floats a thread are one part: then all of the row is in registers after one read.
/// </summary>
internal readonly struct RowPlace(int row, int columns, int start, int lane, int team, int first)
{
    /// <summary>Floats that a thread holds of one part.</summary>
    internal const int PerThread = 16;

    /// <summary>Threads in a group, and at most in a team.</summary>
    internal const int MostTeam = 256;

    private const int LeastTeam = 4;
    private const int EnoughThreads = 1 << 16;

    /// <summary>The row; teams behind the last one have rows that do not exist, of no columns.</summary>
    internal readonly int Row = row;

    /// <summary>Elements in the row.</summary>
    internal readonly int Columns = columns;

    /// <summary>Where the row starts.</summary>
    internal readonly int Start = start;

    /// <summary>The thread's number in its team.</summary>
    internal readonly int Lane = lane;

    /// <summary>Threads in the team.</summary>
    internal readonly int Team = team;

    /// <summary>First column of the part.</summary>
    internal readonly int First = first;

    /// <summary>Elements of the row from the part on.</summary>
    internal int Left => Columns - First;

    /// <summary>For kernels: the place of this thread in the first part of its row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPlace OfThread(int rows, int columns, int team) =>
        OfRow(Grid.IdxX * (MostTeam >> Log2(team)) + (Group.IdxX >> Log2(team)), rows, columns, team);

    /// <summary>For kernels: the place of this thread in the first part of a row that its team chose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPlace OfRow(int row, int rows, int columns, int team) =>
        new(row, row < rows ? columns : 0, row * columns, Group.IdxX & (team - 1), team, 0);

    /// <summary>The same thread in another part, or another row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPlace At(int column) => new(Row, Columns, Start, Lane, Team, column);

    /// <summary>The thread's four floats of a chunk of a run that starts at an element, with a value for those beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Float4 Load<TAccess>(ArrayView<float> from, int start, int chunk, float beyond)
        where TAccess : struct, IFloat4Access =>
        TAccess.Load(from, start + First + Column<TAccess>(chunk), Team, Left - Column<TAccess>(chunk), beyond);

    /// <summary>Writes the thread's four floats of a chunk, except those beyond the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store<TAccess>(Float4 values, ArrayView<float> to, int start, int chunk)
        where TAccess : struct, IFloat4Access =>
        TAccess.Store(values, to, start + First + Column<TAccess>(chunk), Team, Left - Column<TAccess>(chunk));

    /// <summary>The thread's four floats of a chunk, with a value in the place of those beyond the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Float4 Pad<TAccess>(Float4 values, int chunk, float beyond) where TAccess : struct, IFloat4Access
    {
        int left = Left - Column<TAccess>(chunk), step = TAccess.IsAligned ? 0 : Team;
        return new(
            0 < left ? values.X : beyond,
            step < left ? values.Y : beyond,
            2 * step < left ? values.Z : beyond,
            3 * step < left ? values.W : beyond);
    }

    /// <summary>Numbers in [0, 1) of a random stream for the thread's four floats of a chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Float4 Uniform<TAccess>(ulong seed, ulong counter, int chunk) where TAccess : struct, IFloat4Access
    {
        var at = Start + First + Column<TAccess>(chunk);
        return TAccess.IsAligned
            ? PhiloxGpu.Block(seed, counter + (ulong)(at >> 2)).Uniform
            : new(Uniform(seed, counter, at), Uniform(seed, counter, at + Team), Uniform(seed, counter, at + 2 * Team),
                Uniform(seed, counter, at + 3 * Team));
    }

    /// <summary>How many of the thread's sixteen floats of the part are in the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Count<TAccess>() where TAccess : struct, IFloat4Access =>
        TAccess.IsAligned ? 4 * Share(Left >> 2, PerThread / 4) : Share(Left, PerThread);

    /// <summary>Whether the thread has a column of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Owns<TAccess>(int column) where TAccess : struct, IFloat4Access =>
        ((TAccess.IsAligned ? column >> 2 : column) & (Team - 1)) == Lane;

    // One of a block's four numbers: neighbouring elements lie with other threads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Uniform(ulong seed, ulong counter, int at)
    {
        var block = PhiloxGpu.Block(seed, counter + (ulong)(at >> 2));
        var pair = (at & 2) == 0 ? (Even: block.X0, Odd: block.X1) : (Even: block.X2, Odd: block.X3);
        return Philox.ToUniform((at & 1) == 0 ? pair.Even : pair.Odd);
    }

    /// <summary>The column of the part that the thread's four floats of a chunk begin at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Column<TAccess>(int chunk) where TAccess : struct, IFloat4Access =>
        4 * chunk * Team + (TAccess.IsAligned ? 4 * Lane : Lane);

    // How many things the thread gets if they are dealt out one after the other, at most some each.
    private int Share(int things, int most) => IntrinsicMath.Clamp((things - Lane + Team - 1) >> Log2(Team), 0, most);

    /// <summary>Threads a row gets: enough to hold it, more where rows are few.</summary>
    internal static int TeamFor(int rows, int columns)
    {
        var team = LeastTeam;
        while (team < MostTeam && team * PerThread < columns)
            team *= 2;
        while (team < MostTeam && team * 4 < columns && (long)rows * team < EnoughThreads)
            team *= 2;
        return team;
    }

    // A division by a number of threads that the compiler does not know would take twenty instructions.
    private static int Log2(int team) => IntrinsicMath.PopCount(team - 1);

    /// <summary>Groups for all rows.</summary>
    internal static int Groups(int rows, int team) => (int)((rows * (long)team + MostTeam - 1) / MostTeam);
}
