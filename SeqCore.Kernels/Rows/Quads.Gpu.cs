using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>
/// How the threads of a team share the four chunks of a part of a row, four floats each; see <see cref="RowPlace"/>.
/// </summary>
internal interface IQuads
{
    /// <summary>The thread's four floats of a chunk, with a value for those beyond the row.</summary>
    static abstract Float4 Load(ArrayView<float> from, RowPlace place, int start, int chunk, float beyond);

    /// <summary>Writes the thread's four floats, but those beyond the row.</summary>
    static abstract void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int chunk);

    /// <summary>The four floats, with a value in the place of those beyond the row.</summary>
    static abstract Float4 Pad(Float4 values, RowPlace place, int chunk, float beyond);

    /// <summary>How many of the thread's sixteen floats of the part are in the row.</summary>
    static abstract int Count(RowPlace place);

    /// <summary>The thread of the team that has a column.</summary>
    static abstract int LaneOf(int column, int team);
}

/// <summary>Four neighbours at once: all runs start at multiples of four floats, and rows are multiples of four long.</summary>
internal readonly struct AlignedQuads : IQuads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, RowPlace place, int start, int chunk, float beyond) =>
        Has(place, chunk) ? Quads.Cast(from)[Quad(place, start, chunk)] : new(beyond, beyond, beyond, beyond);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int chunk)
    {
        if (Has(place, chunk))
            Quads.Cast(to)[Quad(place, start, chunk)] = values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Pad(Float4 values, RowPlace place, int chunk, float beyond) =>
        Has(place, chunk) ? values : new(beyond, beyond, beyond, beyond);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(RowPlace place) => 4 * place.Share(place.Left >> 2, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LaneOf(int column, int team) => (column >> 2) & (team - 1);

    private static int Quad(RowPlace place, int start, int chunk) =>
        ((start + place.First) >> 2) + place.Lane + chunk * place.Team;

    private static bool Has(RowPlace place, int chunk) => chunk * place.Team < (place.Left >> 2) - place.Lane;
}

/// <summary>Every team-th element, so that neighbours are loaded by neighbouring threads, wherever the row starts.</summary>
internal readonly struct LooseQuads : IQuads
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, RowPlace place, int start, int chunk, float beyond)
    {
        int team = place.Team, at = 4 * chunk * team, left = place.Left - place.Lane,
            first = start + place.First + place.Lane + at;
        return new(
            at < left ? from[first] : beyond,
            at + team < left ? from[first + team] : beyond,
            at + 2 * team < left ? from[first + 2 * team] : beyond,
            at + 3 * team < left ? from[first + 3 * team] : beyond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, RowPlace place, int start, int chunk)
    {
        int team = place.Team, at = 4 * chunk * team, left = place.Left - place.Lane,
            first = start + place.First + place.Lane + at;
        if (at < left)
            to[first] = values.X;
        if (at + team < left)
            to[first + team] = values.Y;
        if (at + 2 * team < left)
            to[first + 2 * team] = values.Z;
        if (at + 3 * team < left)
            to[first + 3 * team] = values.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Pad(Float4 values, RowPlace place, int chunk, float beyond)
    {
        int team = place.Team, at = 4 * chunk * team, left = place.Left - place.Lane;
        return new(
            at < left ? values.X : beyond,
            at + team < left ? values.Y : beyond,
            at + 2 * team < left ? values.Z : beyond,
            at + 3 * team < left ? values.W : beyond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(RowPlace place) => place.Share(place.Left, RowPlace.PerThread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LaneOf(int column, int team) => column & (team - 1);
}

/// <summary>Runs of floats as runs of <see cref="Float4"/>.</summary>
internal static class Quads
{
    /// <summary>For kernels: a view whose memory is aligned, four floats at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> Cast(ArrayView<float> view) => view.AsAligned(16).Cast<Float4>();

    /// <summary>
    /// Whether rows of this length can be read four floats at a time from all these runs; absent ones do not matter.
    /// </summary>
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
