using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>How the threads of a team share a chunk of a row, four floats each; see <see cref="RowPlace"/>.</summary>
internal interface IQuads
{
    /// <summary>The thread's four floats of the chunk that starts at column first, with a value for those beyond the row.</summary>
    static abstract Float4 Load(ArrayView<float> from, RowPlace place, int start, int first, float beyond);

    /// <summary>Writes the thread's four floats, but those beyond the row.</summary>
    static abstract void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int first);

    /// <summary>The four floats, with a value in the place of those beyond the row.</summary>
    static abstract Float4 Pad(Float4 values, RowPlace place, int first, float beyond);

    /// <summary>The thread of the team that has a column.</summary>
    static abstract int LaneOf(int column, int team);
}

/// <summary>Four neighbours at once: all runs start at multiples of four floats, and rows are multiples of four long.</summary>
internal readonly struct AlignedQuads : IQuads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, RowPlace place, int start, int first, float beyond)
    {
        var column = first + (4 * place.Lane);
        return column < place.Columns ? Quads.Cast(from)[(start + column) >> 2] : new(beyond, beyond, beyond, beyond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int first)
    {
        var column = first + (4 * place.Lane);
        if (column < place.Columns)
            Quads.Cast(to)[(start + column) >> 2] = values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Pad(Float4 values, RowPlace place, int first, float beyond) =>
        first + (4 * place.Lane) < place.Columns ? values : new(beyond, beyond, beyond, beyond);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LaneOf(int column, int team) => (column >> 2) & (team - 1);
}

/// <summary>Every team-th element, so that neighbours are loaded by neighbouring threads, wherever the row starts.</summary>
internal readonly struct LooseQuads : IQuads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, RowPlace place, int start, int first, float beyond)
    {
        int column = first + place.Lane, team = place.Team, columns = place.Columns;
        return new(
            column < columns ? from[start + column] : beyond,
            column + team < columns ? from[start + column + team] : beyond,
            column + 2 * team < columns ? from[start + column + 2 * team] : beyond,
            column + 3 * team < columns ? from[start + column + 3 * team] : beyond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int first)
    {
        int column = first + place.Lane, team = place.Team, columns = place.Columns;
        if (column < columns)
            to[start + column] = values.X;
        if (column + team < columns)
            to[start + column + team] = values.Y;
        if (column + 2 * team < columns)
            to[start + column + 2 * team] = values.Z;
        if (column + 3 * team < columns)
            to[start + column + 3 * team] = values.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Pad(Float4 values, RowPlace place, int first, float beyond)
    {
        int column = first + place.Lane, team = place.Team, columns = place.Columns;
        return new(
            column < columns ? values.X : beyond,
            column + team < columns ? values.Y : beyond,
            column + 2 * team < columns ? values.Z : beyond,
            column + 3 * team < columns ? values.W : beyond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LaneOf(int column, int team) => column & (team - 1);
}

/// <summary>Runs of floats as runs of <see cref="Float4"/>.</summary>
internal static class Quads
{
    /// <summary>For kernels: a view whose memory is aligned, four floats at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> Cast(ArrayView<float> view) => view.AsAligned(16).Cast<Float4>();

    /// <summary>Whether rows of this length can be read four floats at a time from all these runs; absent ones do not matter.</summary>
    internal static bool Fit(int columns, params ReadOnlySpan<DeviceSpan<float>> runs)
    {
        if (columns % 4 != 0)
            return false;
        foreach (var run in runs)
        {
            if (!run.IsAbsent && run.Offset % 4 != 0)
                return false;
        }

        return true;
    }
}
