using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Applies a map to operands of any layouts, one element at a time. Threads follow the walk of a <see cref="StridedPlan"/>, so
/// that neighbours write neighbouring floats wherever the result allows it, and stride over the grid until all is done:
/// <code>
///   element   0   1   2  ...  n-1 | n  n+1  ...          n = threads in the grid
///   thread    0   1   2  ...  n-1 | 0   1   ...
/// </code>
/// Each thread divides its element's number into a place along the axes, and finds every operand's offset from that.
/// </summary>
internal struct MapGpuKernel<TMap> : IGpuKernel where TMap : struct, IGpuMap
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

    public readonly void Run()
    {
        // The comparison is unsigned because the last step may pass 2^31.
        for (var i = Grid.IdxX * Group.DimX + Group.IdxX; (uint)i < (uint)Count; i += Grid.DimX * Group.DimX)
        {
            var place = Axes.Place(i);
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
}

/// <summary>Memory with the strides that a kernel reads or writes it by.</summary>
internal struct GpuOperand
{
    internal ArrayView<float> Data;
    internal GpuStrides Strides;
}
