namespace SeqCore.Kernels;

/// <summary>Searches the greatest element along one axis, for tiles of neighbouring results.</summary>
internal unsafe struct ArgMaxKernel : IChunks
{
    private const int Tile = 64;
    private readonly StridedPlan kept;
    private readonly float* x;
    private readonly int* indices;
    private readonly int size;
    private readonly int stride;

    internal ArgMaxKernel(in StridedSpan x, int axis, int* indices)
    {
        Span<int> sizes = stackalloc int[Layout.MaxRank];
        Span<int> strides = stackalloc int[Layout.MaxRank];
        var rank = 0;
        for (var i = 0; i < x.Layout.Rank; i++)
        {
            if (i == axis)
                continue;
            sizes[rank] = x.Layout.Size(i);
            strides[rank++] = x.Layout.Stride(i);
        }

        kept = StridedPlan.Create([new Layout(sizes[..rank], strides[..rank]), Layout.Contiguous(sizes[..rank])]);
        this.x = x.Data.Pointer();
        this.indices = indices;
        size = x.Layout.Size(axis);
        stride = x.Layout.Stride(axis);
    }

    internal readonly int Results => kept.Count;

    internal readonly int Chunks => (kept.Count + Tile - 1) / Tile;

    /// <inheritdoc/>
    public readonly void Invoke(int chunk)
    {
        var first = chunk * Tile;
        var count = Math.Min(Tile, kept.Count - first);
        var starts = stackalloc float*[Tile];
        var best = stackalloc float[Tile];
        var walk = new StridedWalk(kept, first);
        for (var i = 0; i < count; i++)
        {
            starts[i] = x + walk.Offset(0);
            best[i] = *starts[i];
            indices[first + i] = 0;
            walk.Move(kept, 1);
        }

        for (var r = 1; r < size; r++)
        {
            for (var i = 0; i < count; i++)
            {
                // Not "greater": NaN replaces any number, and nothing replaces NaN.
                var value = starts[i][(nint)r * stride];
                if (!(value <= best[i]) && !float.IsNaN(best[i]))
                {
                    best[i] = value;
                    indices[first + i] = r;
                }
            }
        }
    }
}
