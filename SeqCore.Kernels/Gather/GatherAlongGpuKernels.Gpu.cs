using ILGPU;

namespace SeqCore.Kernels.Gather;

/// <summary>
/// Finds the place of an index's value: the first element of the index's line, and from there along the axis. An index out of
/// range is noted.
/// </summary>
internal struct GpuPlacesAlong
{
    internal GpuAxes Axes;

    /// <summary>The strides from indices to the first elements of their lines; 0 along the axis.</summary>
    internal GpuStrides Lines;
    internal GpuStrides IndexStrides;
    internal ArrayView<int> Indices;
    internal ArrayView<int> Notes;
    internal int Number;
    internal int Count;
    internal int Size;
    internal int Stride;

    /// <summary>Returns the place, or -1 if the index is out of range.</summary>
    internal readonly int Of(int element)
    {
        var place = Axes.Place(element);
        var position = IndexStrides.Offset(place, Axes.Rank);
        int index = Indices[position], along = FromStart(index, Size);
        if ((uint)along < (uint)Size)
            return Lines.Offset(place, Axes.Rank) + along * Stride;
        IndexProblems.Note(Notes, Number, position, index);
        return -1;
    }

    /// <summary>Returns an index that may count from the end as one that counts from the start.</summary>
    internal static int FromStart(int index, int size) => index < 0 ? index + size : index;
}

/// <summary>
/// Gathers along an axis, one value in each thread; neighbouring threads have neighbouring indices and results.
/// </summary>
internal struct GatherAlongGpuKernel : IGpuKernel
{
    internal GpuPlacesAlong Places;
    internal ArrayView<float> X;
    internal ArrayView<float> Y;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Places.Count)
            return;
        var place = Places.Of(i);
        if (place >= 0)
            Y[i] = X[place];
    }
}

/// <summary>Writes the place in the table of each value of a scatter, -1 where the index is out of range.</summary>
internal struct PlacesGpuKernel : IGpuKernel
{
    internal GpuPlacesAlong Places;
    internal ArrayView<int> Output;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i < Places.Count)
            Output[i] = Places.Of(i);
    }
}

/// <summary>
/// Scatters along an axis with a thread for each line, which takes the line's values in ascending order. Neighbouring threads
/// have neighbouring lines. An index out of range is noted and its value left out.
/// </summary>
internal struct ScatterAlongGpuKernel : IGpuKernel
{
    internal ArrayView<float> Source;
    internal ArrayView<int> Indices;
    internal ArrayView<float> Table;
    internal ArrayView<int> Notes;
    internal int Number;
    internal GpuAxes Axes;
    internal GpuStrides FirstIndex;
    internal GpuStrides FirstValue;
    internal GpuStrides FirstElement;
    internal int Lines;
    internal int Count;
    internal int Size;
    internal int IndexStride;
    internal int SourceStride;
    internal int TableStride;

    /// <summary>1 if values are added to the table, 0 if they replace its elements.</summary>
    internal int Adds;

    public readonly void Run()
    {
        var line = Grid.IdxX * Group.DimX + Group.IdxX;
        if (line >= Lines)
            return;
        var place = Axes.Place(line);
        int position = FirstIndex.Offset(place, Axes.Rank), from = FirstValue.Offset(place, Axes.Rank),
            to = FirstElement.Offset(place, Axes.Rank);
        for (var j = 0; j < Count; j++)
        {
            int index = Indices[position], along = GpuPlacesAlong.FromStart(index, Size);
            if ((uint)along < (uint)Size)
            {
                var at = to + along * TableStride;
                var value = Source[from];
                if (Adds != 0)
                    value += Table[at];
                Table[at] = value;
            }
            else
                IndexProblems.Note(Notes, Number, position, index);
            position += IndexStride;
            from += SourceStride;
        }
    }
}

/// <summary>
/// Writes the last value of each run of equal places, given the sorted places; those out of range are at the end.
/// </summary>
internal struct ScatterLastGpuKernel : IGpuKernel
{
    internal ArrayView<float> Source;
    internal ArrayView<int> Keys;
    internal ArrayView<int> Positions;
    internal ArrayView<float> Table;
    internal int Count;
    internal int Rows;

    public readonly void Run()
    {
        var i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= Count)
            return;
        var key = Keys[i];
        if (key < Rows && (i + 1 == Count || Keys[i + 1] != key))
            Table[key] = Source[Positions[i]];
    }
}
