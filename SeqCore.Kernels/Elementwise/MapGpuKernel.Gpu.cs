using ILGPU;

namespace SeqCore.Kernels.Elementwise;

/// <summary>
/// Applies a map to operands of any layout. Threads follow the walk of a <see cref="StridedPlan"/>, so that neighbours write
/// neighbouring floats wherever the result allows it, and stride over the grid. Where each operand along the innermost axis is
/// either contiguous and aligned, or one repeated element, a thread handles four neighbours, which it loads and stores in one
/// instruction; otherwise it handles one element:
/// <code>
///   element    0 1 2 3 | 4 5 6 7 | ...                    x     (rows, columns)   one load of 16 bytes
///   aligned       0    |    1    | ...                    bias  (1, columns)      one load of 16 bytes, again for each row
///   else       0 1 2 3   4 5 6 7   ...                    mean  (rows, 1)         one float for all four
/// </code>
/// Each thread divides its number into an index along each axis, which gives the offset into every operand. Fully contiguous
/// operands have one axis, which needs no division; a tail of up to three elements is handled one by one.
/// </summary>
internal struct MapGpuKernel<TMap> : IFloat4Kernel where TMap : struct, IGpuMap
{
    internal TMap Map;
    internal GpuAxes Axes;
    internal int Count;
    internal GpuOperand A;
    internal GpuOperand B;
    internal GpuOperand C;
    internal GpuOperand D;
    internal GpuOperand First;
    internal GpuOperand Second;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        var units = TAccess.IsAligned ? Count / 4 : Count;

        // The comparison is unsigned because the last step may exceed 2^31.
        for (var i = thread; (uint)i < (uint)units; i += Grid.DimX * Group.DimX)
        {
            if (TAccess.IsAligned)
                Four(Axes.Place(i));
            else
                One(Axes.Place(i));
        }

        if (TAccess.IsAligned && thread < Count % 4)
            One(new GpuPlace { At0 = (units * 4) + thread });
    }

    private readonly void Four(GpuPlace place)
    {
        Float4 a = A.Load(place, Axes.Rank), b = default, c = default, d = default;
        if (TMap.Inputs > 1)
            b = B.Load(place, Axes.Rank);
        if (TMap.Inputs > 2)
            c = C.Load(place, Axes.Rank);
        if (TMap.Inputs > 3)
            d = D.Load(place, Axes.Rank);
        First.Store(place, Axes.Rank, new Float4(
            Map.First(a.X, b.X, c.X, d.X), Map.First(a.Y, b.Y, c.Y, d.Y), Map.First(a.Z, b.Z, c.Z, d.Z),
            Map.First(a.W, b.W, c.W, d.W)));
        if (TMap.Results > 1)
        {
            Second.Store(place, Axes.Rank, new Float4(
                Map.Second(a.X, b.X, c.X, d.X), Map.Second(a.Y, b.Y, c.Y, d.Y), Map.Second(a.Z, b.Z, c.Z, d.Z),
                Map.Second(a.W, b.W, c.W, d.W)));
        }
    }

    private readonly void One(GpuPlace place)
    {
        float a = A.Data[A.Strides.Offset(place, Axes.Rank)], b = 0f, c = 0f, d = 0f;
        if (TMap.Inputs > 1)
            b = B.Data[B.Strides.Offset(place, Axes.Rank)];
        if (TMap.Inputs > 2)
            c = C.Data[C.Strides.Offset(place, Axes.Rank)];
        if (TMap.Inputs > 3)
            d = D.Data[D.Strides.Offset(place, Axes.Rank)];
        First.Data[First.Strides.Offset(place, Axes.Rank)] = Map.First(a, b, c, d);
        if (TMap.Results > 1)
            Second.Data[Second.Strides.Offset(place, Axes.Rank)] = Map.Second(a, b, c, d);
    }
}

/// <summary>The memory of an operand and the strides with which a kernel accesses it.</summary>
internal struct GpuOperand
{
    internal ArrayView<float> Data;

    /// <summary>Where a thread handles four elements, the strides of contiguous operands are in units of four.</summary>
    internal GpuStrides Strides;

    /// <summary>Loads four neighbours, or one element four times.</summary>
    internal readonly Float4 Load(GpuPlace place, int rank)
    {
        var offset = Strides.Offset(place, rank);
        if (Strides.Inner != 0)
            return Float4.Cast(Data)[offset];
        var same = Data[offset];
        return new Float4(same, same, same, same);
    }

    /// <summary>Writes four neighbours.</summary>
    internal readonly void Store(GpuPlace place, int rank, Float4 values) =>
        Float4.Cast(Data)[Strides.Offset(place, rank)] = values;
}
