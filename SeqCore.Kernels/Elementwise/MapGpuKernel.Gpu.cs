using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Applies a map to operands of any layouts. Threads follow the walk of a <see cref="StridedPlan"/>, so that neighbours write
/// neighbouring floats wherever the result allows it, and stride over the grid until all is done. Where the operands along the
/// innermost axis are either contiguous and aligned, or one element repeated, a thread takes four neighbours, which it loads and
/// stores in one instruction; else it takes one element:
/// <code>
///   element    0 1 2 3 | 4 5 6 7 | ...                    x     (rows, columns)   one load of 16 bytes
///   aligned       0    |    1    | ...                    bias  (1, columns)      one load of 16 bytes, again for each row
///   else       0 1 2 3   4 5 6 7   ...                    mean  (rows, 1)         one float for all four
/// </code>
/// Each thread divides its number into a place along the axes, and finds every operand's offset from that. Wholly contiguous
/// operands are one axis: then no division is left, and a tail of up to three elements is taken one by one.
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
        var places = TAccess.IsAligned ? Count / 4 : Count;

        // The comparison is unsigned because the last step may pass 2^31.
        for (var i = thread; (uint)i < (uint)places; i += Grid.DimX * Group.DimX)
        {
            if (TAccess.IsAligned)
                Four(Axes.Place(i));
            else
                One(Axes.Place(i));
        }

        if (TAccess.IsAligned && thread < Count % 4)
            One(new GpuPlace { At0 = (places * 4) + thread });
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

/// <summary>Memory with the strides that a kernel reads or writes it by.</summary>
internal struct GpuOperand
{
    internal ArrayView<float> Data;

    /// <summary>Where four are taken at once, those of contiguous operands count in units of four.</summary>
    internal GpuStrides Strides;

    /// <summary>Four neighbours, or one element four times.</summary>
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
