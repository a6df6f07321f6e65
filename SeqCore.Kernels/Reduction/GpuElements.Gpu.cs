namespace SeqCore.Kernels;

/// <summary>Where the elements that become one result lie, from the first one on.</summary>
internal interface IGpuElements
{
    /// <summary>The offset of the n-th element.</summary>
    int Offset(int element);
}

/// <summary>Elements at equal distances.</summary>
internal readonly struct ElementsInLine(int stride) : IGpuElements
{
    public int Offset(int element) => element * stride;
}

/// <summary>Elements along several axes.</summary>
internal readonly struct ElementsOnAxes(GpuAxes axes, GpuStrides strides) : IGpuElements
{
    // One axis is a case that ElementsInLine takes; without this branch PoCL 6's compiler stops with an error of its own.
    public int Offset(int element) => axes.Rank <= 1 ? element * strides.Inner : strides.Offset(axes.Place(element), axes.Rank);
}
