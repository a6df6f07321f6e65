using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Applies a map to operands that along the innermost axis are either contiguous and aligned to 16 bytes, or one element
/// repeated. A thread takes four neighbouring elements, which it loads and stores in one instruction:
/// <code>
///   element   0 1 2 3 | 4 5 6 7 | ...                    x     (rows, columns)   one load of 16 bytes
///   thread       0    |    1    | ...                    bias  (1, columns)      one load of 16 bytes, again for each row
///                                                        mean  (rows, 1)         one float for all four
/// </code>
/// Wholly contiguous operands are one axis: then no division is left, and a tail of up to three elements is taken one by one.
/// </summary>
internal struct MapFoursGpuKernel<TMap> : IGpuKernel where TMap : struct, IGpuMap
{
    internal TMap Map;
    internal GpuAxes Axes;

    /// <summary>Whole fours.</summary>
    internal int Fours;

    /// <summary>Elements behind them, 0 to 3.</summary>
    internal int Tail;
    internal GpuFours A;
    internal GpuFours B;
    internal GpuFours C;
    internal GpuFours D;
    internal GpuFours First;
    internal GpuFours Second;

    public readonly void Run()
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        for (var i = thread; i < Fours; i += Grid.DimX * Group.DimX)
        {
            var place = Axes.Place(i);
            Float4 a = A.Load(A.Strides.Offset(place, Axes.Rank)), b = default, c = default, d = default;
            if (TMap.Inputs > 1)
                b = B.Load(B.Strides.Offset(place, Axes.Rank));
            if (TMap.Inputs > 2)
                c = C.Load(C.Strides.Offset(place, Axes.Rank));
            if (TMap.Inputs > 3)
                d = D.Load(D.Strides.Offset(place, Axes.Rank));
            First.Fours[First.Strides.Offset(place, Axes.Rank)] = new Float4(
                Map.First(a.X, b.X, c.X, d.X), Map.First(a.Y, b.Y, c.Y, d.Y), Map.First(a.Z, b.Z, c.Z, d.Z),
                Map.First(a.W, b.W, c.W, d.W));
            if (TMap.Results > 1)
            {
                Second.Fours[Second.Strides.Offset(place, Axes.Rank)] = new Float4(
                    Map.Second(a.X, b.X, c.X, d.X), Map.Second(a.Y, b.Y, c.Y, d.Y), Map.Second(a.Z, b.Z, c.Z, d.Z),
                    Map.Second(a.W, b.W, c.W, d.W));
            }
        }

        if (thread < Tail)
            One(Fours * 4 + thread);
    }

    private readonly void One(int element)
    {
        float a = A.Data[element * A.Strides.Inner], b = 0f, c = 0f, d = 0f;
        if (TMap.Inputs > 1)
            b = B.Data[element * B.Strides.Inner];
        if (TMap.Inputs > 2)
            c = C.Data[element * C.Strides.Inner];
        if (TMap.Inputs > 3)
            d = D.Data[element * D.Strides.Inner];
        First.Data[element] = Map.First(a, b, c, d);
        if (TMap.Results > 1)
            Second.Data[element] = Map.Second(a, b, c, d);
    }
}

/// <summary>An operand taken four elements at a time.</summary>
internal struct GpuFours
{
    /// <summary>The elements one by one.</summary>
    internal ArrayView<float> Data;

    /// <summary>The same in fours.</summary>
    internal ArrayView<Float4> Fours;

    /// <summary>Inner stride 1: strides count fours; inner stride 0: they count elements.</summary>
    internal GpuStrides Strides;

    /// <summary>Four neighbours, or one element four times.</summary>
    internal readonly Float4 Load(int offset)
    {
        if (Strides.Inner != 0)
            return Fours[offset];
        var same = Data[offset];
        return new Float4(same, same, same, same);
    }
}
