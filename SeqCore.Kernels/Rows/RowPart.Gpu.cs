using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>f(x) for the elements of a row; its fields are the row's constants.</summary>
internal interface IRowMap
{
    float Apply(float x);
}

/// <summary>f(x, y) for the elements of two rows; its fields are the rows' constants.</summary>
internal interface IRowZip
{
    float Apply(float x, float y);
}

/// <summary>
/// A thread's elements of a part of a row: sixteen floats in registers, because no field is indexed by a variable.
/// <see cref="RowPlace"/> specifies which elements.
/// </summary>
internal readonly struct RowPart(Float4 a, Float4 b, Float4 c, Float4 d)
{
    private readonly Float4 a = a;
    private readonly Float4 b = b;
    private readonly Float4 c = c;
    private readonly Float4 d = d;

    /// <summary>Loads the thread's elements of the row at place; elements past its end get a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPart Load<TAccess>(ArrayView<float> from, RowPlace place, float padding = 0f)
        where TAccess : struct, IFloat4Access =>
        Load<TAccess>(from, place, place.Start, padding);

    /// <summary>
    /// Loads the thread's elements of a run of the row's length that starts elsewhere, such as a weight that all rows share.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPart Load<TAccess>(ArrayView<float> from, RowPlace place, int start, float padding)
        where TAccess : struct, IFloat4Access => new(
            place.Load<TAccess>(from, start, 0, padding),
            place.Load<TAccess>(from, start, 1, padding),
            place.Load<TAccess>(from, start, 2, padding),
            place.Load<TAccess>(from, start, 3, padding));

    /// <summary>Writes the elements to the row at place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store<TAccess>(ArrayView<float> to, RowPlace place) where TAccess : struct, IFloat4Access =>
        Store<TAccess>(to, place, place.Start);

    /// <summary>Writes the elements to a run of the row's length that starts elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store<TAccess>(ArrayView<float> to, RowPlace place, int start) where TAccess : struct, IFloat4Access
    {
        place.Store<TAccess>(a, to, start, 0);
        place.Store<TAccess>(b, to, start, 1);
        place.Store<TAccess>(c, to, start, 2);
        place.Store<TAccess>(d, to, start, 3);
    }

    /// <summary>Returns the elements, with a value for those past the row's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPart Pad<TAccess>(RowPlace place, float padding) where TAccess : struct, IFloat4Access =>
        new(place.Pad<TAccess>(a, 0, padding), place.Pad<TAccess>(b, 1, padding), place.Pad<TAccess>(c, 2, padding),
            place.Pad<TAccess>(d, 3, padding));

    /// <summary>Returns f of every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPart Map<TMap>(TMap f) where TMap : struct, IRowMap => new(Map(f, a), Map(f, b), Map(f, c), Map(f, d));

    /// <summary>Returns f of every element and its counterpart in another row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RowPart Zip<TZip>(RowPart y, TZip f) where TZip : struct, IRowZip =>
        new(Zip(f, a, y.a), Zip(f, b, y.b), Zip(f, c, y.c), Zip(f, d, y.d));

    /// <summary>Returns the sum of the thread's elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float Sum() => Sum(a) + Sum(b) + (Sum(c) + Sum(d));

    /// <summary>Returns the maximum of the thread's elements (ignoring NaN), at least -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float Max() => Max(Max(Max(Max(float.NegativeInfinity, a), b), c), d);

    /// <summary>Stores the thread's elements in shared memory, sixteen floats for each thread; a barrier has to follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Share(ArrayView<float> shared) => ToShared(shared, Group.IdxX);

    /// <summary>
    /// Returns, for a thread of team 0, the sum of the elements that the threads with the same number in each team have stored,
    /// team by team.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RowPart SumOverTeams(ArrayView<float> shared, int team)
    {
        var sum = FromShared(shared, Group.IdxX);
        for (var other = Group.IdxX + team; other < Group.DimX; other += team)
            sum = sum.Zip(FromShared(shared, other), default(AddRows));
        return sum;
    }

    // Element k of all threads side by side, so that a warp accesses all banks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ToShared(ArrayView<float> shared, int thread)
    {
        ToShared(shared, thread, a);
        ToShared(shared, thread + 4 * Group.DimX, b);
        ToShared(shared, thread + 8 * Group.DimX, c);
        ToShared(shared, thread + 12 * Group.DimX, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToShared(ArrayView<float> shared, int at, Float4 value)
    {
        shared[at] = value.X;
        shared[at + Group.DimX] = value.Y;
        shared[at + 2 * Group.DimX] = value.Z;
        shared[at + 3 * Group.DimX] = value.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RowPart FromShared(ArrayView<float> shared, int thread) => new(
        Float4FromShared(shared, thread),
        Float4FromShared(shared, thread + 4 * Group.DimX),
        Float4FromShared(shared, thread + 8 * Group.DimX),
        Float4FromShared(shared, thread + 12 * Group.DimX));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Float4FromShared(ArrayView<float> shared, int at) =>
        new(shared[at], shared[at + Group.DimX], shared[at + 2 * Group.DimX], shared[at + 3 * Group.DimX]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Map<TMap>(TMap f, Float4 x) where TMap : struct, IRowMap =>
        new(f.Apply(x.X), f.Apply(x.Y), f.Apply(x.Z), f.Apply(x.W));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Zip<TZip>(TZip f, Float4 x, Float4 y) where TZip : struct, IRowZip =>
        new(f.Apply(x.X, y.X), f.Apply(x.Y, y.Y), f.Apply(x.Z, y.Z), f.Apply(x.W, y.W));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Float4 x) => x.X + x.Y + (x.Z + x.W);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Max(float most, Float4 x) =>
        IntrinsicMath.Max(IntrinsicMath.Max(IntrinsicMath.Max(IntrinsicMath.Max(most, x.X), x.Y), x.Z), x.W);
}

/// <summary>x + y</summary>
internal readonly struct AddRows : IRowZip
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x, float y) => x + y;
}

/// <summary>x y</summary>
internal readonly struct MultiplyRows : IRowZip
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x, float y) => x * y;
}

/// <summary>e^(x - max)</summary>
internal readonly struct ExpBelow(float max) : IRowMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float x) => FastExp.Of(x - max);
}
