using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Writes one value everywhere. A thread stores four neighbours at once where all lie contiguous, and one of the tail of up to
/// three behind them; else it stores one element of the walk:
/// <code>
///   contiguous   0 1 2 3 | 4 5 6 7 | 8 9     with gaps   0 | 1 | 2 | - | 3 | 4 | 5 | - ...
///   thread          0    |    1    | 0 1                 0   1   2       3   4   5
/// </code>
/// </summary>
internal struct FillGpuKernel : IGpuKernel
{
    internal ArrayView<float> Destination;

    /// <summary>The same in fours, or nothing where it has gaps.</summary>
    internal ArrayView<Float4> Fours;
    internal GpuAxes Axes;
    internal GpuStrides Strides;
    internal int Count;
    internal float Value;

    public readonly void Run()
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        var fours = (int)Fours.Length;
        if (fours == 0)
        {
            if ((uint)thread < (uint)Count)
                Destination[Strides.Offset(Axes.Place(thread), Axes.Rank)] = Value;
            return;
        }

        if (thread < fours)
            Fours[thread] = new Float4(Value, Value, Value, Value);
        if (thread < Count - 4 * fours)
            Destination[4 * fours + thread] = Value;
    }
}
