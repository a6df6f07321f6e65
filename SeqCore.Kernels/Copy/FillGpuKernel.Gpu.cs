using ILGPU;

namespace SeqCore.Kernels.Copy;

/// <summary>
/// Writes one value to all elements. Where they are contiguous and aligned, a thread stores four neighbours at once and at most
/// one element of the tail; otherwise it stores one element of the walk:
/// <code>
///   aligned      0 1 2 3 | 4 5 6 7 | 8 9     else        0 | 1 | 2 | - | 3 | 4 | 5 | - ...
///   thread          0    |    1    | 0 1                 0   1   2       3   4   5
/// </code>
/// </summary>
internal struct FillGpuKernel : IFloat4Kernel
{
    internal ArrayView<float> Destination;
    internal GpuAxes Axes;
    internal GpuStrides Strides;
    internal int Count;
    internal float Value;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (!TAccess.IsAligned)
        {
            if ((uint)thread < (uint)Count)
                Destination[Strides.Offset(Axes.Place(thread), Axes.Rank)] = Value;
            return;
        }

        if (thread < Count / 4)
            Float4.Cast(Destination)[thread] = new Float4(Value, Value, Value, Value);
        if (thread < Count % 4)
            Destination[(Count & ~3) + thread] = Value;
    }
}
