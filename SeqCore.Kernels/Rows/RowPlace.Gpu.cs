using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Specifies the row and the elements of a thread. A group of 256 threads is divided into teams of 4 to 256 threads, a power of
/// two, and each team has a row; it handles a part of the row at a time, four chunks of four floats per thread:
/// <code>
/// row   |------ chunk 0 ------|------ chunk 1 ------|------ chunk 2 ------|------ chunk 3 ------|  next part
///        t0   t1   ...    tn   t0   t1   ...    tn
///       |xxxx|xxxx|     |xxxx|                       aligned: four neighbours at once
///       |x  .|x  .| -> every team-th element          else: neighbouring threads have neighbours
/// </code>
/// Rows of up to 16 floats per thread are one part: the whole row is then in registers after one read.
/// </summary>
internal readonly struct RowPlace(int row, int columns, int start, int lane, int team, int first)
{
    /// <summary>The number of floats of one part that a thread holds.</summary>
    internal const int PerThread = 16;

    /// <summary>The number of threads in a group, and the largest number in a team.</summary>
    internal const int MostTeam = 256;

    private const int LeastTeam = 4;
    private const int EnoughThreads = 1 << 16;

    /// <summary>The row; teams past the last row have an empty row.</summary>
    internal readonly int Row = row;

    /// <summary>The number of elements of the row.</summary>
    internal readonly int Columns = columns;

    /// <summary>Where the row starts.</summary>
    internal readonly int Start = start;

    /// <summary>The thread's number in its team.</summary>
    internal readonly int Lane = lane;

    /// <summary>The number of threads in the team.</summary>
    internal readonly int Team = team;

    /// <summary>The first column of the part.</summary>
    internal readonly int First = first;

    /// <summary>The number of elements of the row from the part on.</summary>
    internal int Left => Columns - First;

    /// <summary>Returns the place of this thread in the first part of its row, in a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPlace OfThread(int rows, int columns, int team) =>
        OfRow(Grid.IdxX * (MostTeam >> Log2(team)) + (Group.IdxX >> Log2(team)), rows, columns, team);

    /// <summary>Returns the place of this thread in the first part of a row that its team chose, in a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPlace OfRow(int row, int rows, int columns, int team) =>
        new(row, row < rows ? columns : 0, row * columns, Group.IdxX & (team - 1), team, 0);

    /// <summary>Returns the place of the same thread in another part or another row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPlace At(int column) => new(Row, Columns, Start, Lane, Team, column);

    /// <summary>
    /// Loads the thread's four floats of a chunk of a run that starts at an element, with a value for those past its end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Float4 Load<TAccess>(ArrayView<float> from, int start, int chunk, float padding)
        where TAccess : struct, IFloat4Access =>
        TAccess.Load(from, start + First + Column<TAccess>(chunk), Team, Left - Column<TAccess>(chunk), padding);

    /// <summary>Writes the thread's four floats of a chunk, except those past the row's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store<TAccess>(Float4 values, ArrayView<float> to, int start, int chunk)
        where TAccess : struct, IFloat4Access =>
        TAccess.Store(values, to, start + First + Column<TAccess>(chunk), Team, Left - Column<TAccess>(chunk));

    /// <summary>Returns the thread's four floats of a chunk, with a value for those past the row's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Float4 Pad<TAccess>(Float4 values, int chunk, float padding) where TAccess : struct, IFloat4Access
    {
        int left = Left - Column<TAccess>(chunk), step = TAccess.IsAligned ? 0 : Team;
        return new(
            0 < left ? values.X : padding,
            step < left ? values.Y : padding,
            2 * step < left ? values.Z : padding,
            3 * step < left ? values.W : padding);
    }

    /// <summary>Returns how many of the thread's sixteen floats of the part are in the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Count<TAccess>() where TAccess : struct, IFloat4Access =>
        TAccess.IsAligned ? 4 * Count(Left >> 2, PerThread / 4) : Count(Left, PerThread);

    /// <summary>Whether the thread has a column of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Owns<TAccess>(int column) where TAccess : struct, IFloat4Access =>
        ((TAccess.IsAligned ? column >> 2 : column) & (Team - 1)) == Lane;

    /// <summary>Returns the first column, within the part, of the thread's four floats of a chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Column<TAccess>(int chunk) where TAccess : struct, IFloat4Access =>
        4 * chunk * Team + (TAccess.IsAligned ? 4 * Lane : Lane);

    // Returns how many items the thread gets if they are distributed one by one, up to a maximum for each thread.
    private int Count(int items, int most) => IntrinsicMath.Clamp((items - Lane + Team - 1) >> Log2(Team), 0, most);

    /// <summary>Returns the number of threads for each row: enough to hold it, and more if there are few rows.</summary>
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

    /// <summary>Returns the number of groups for all rows.</summary>
    internal static int Groups(int rows, int team) => (int)((rows * (long)team + MostTeam - 1) / MostTeam);
}
