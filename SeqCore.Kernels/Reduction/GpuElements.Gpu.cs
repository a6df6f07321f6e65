namespace SeqCore.Kernels.Reduction;

/// <summary>The positions of the elements that are reduced to one result, relative to the first one.</summary>
internal interface IGpuElements
{
    /// <summary>Returns the offset of the n-th element.</summary>
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
    // ElementsInLine handles a single axis, but without this branch the compiler of PoCL 6 fails with an internal error.
    public int Offset(int element) => axes.Rank <= 1 ? element * strides.Inner : strides.Offset(axes.Place(element), axes.Rank);
}
