using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Reduction;

/// <summary>Finds the largest element along one axis, for tiles of neighbouring results.</summary>
internal unsafe struct ArgMaxKernel : IChunks
{
    private const int Tile = 64;
    private readonly StridedPlan kept;
    private readonly float* x;
    private readonly int* indices;
    private readonly int size;
    private readonly int stride;
    private readonly bool last;

    internal ArgMaxKernel(in StridedSpan x, int axis, DeviceSpan<int> indices, bool last)
    {
        kept = ReductionChecks.ArgMax(x, axis, indices);
        this.x = x.Data.Pointer();
        this.indices = indices.Pointer();
        size = x.Layout.Size(axis);
        stride = x.Layout.Stride(axis);
        this.last = last;
    }

    internal readonly int Chunks => RowChunking.Chunks(kept.Count, Tile);

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

        if (stride == 1)
        {
            for (var i = 0; i < count; i++)
                indices[first + i] = IndexOfGreatest(starts[i], size, last);
            return;
        }

        for (var r = 1; r < size; r++)
        {
            for (var i = 0; i < count; i++)
            {
                // Not "greater": NaN replaces any number, and no number replaces NaN.
                var value = starts[i][(nint)r * stride];
                if (last ? value >= best[i] || float.IsNaN(value) : !(value <= best[i]) && !float.IsNaN(best[i]))
                {
                    best[i] = value;
                    indices[first + i] = r;
                }
            }
        }
    }

    private static int IndexOfGreatest(float* row, int size, bool last)
    {
        var kernel = new RowMax { Row = row, Count = size };
        Simd.Run(ref kernel);

        // The comparison of bits runs in vectors, but 0 and NaN have several bit patterns.
        var max = kernel.Result;
        if (max != 0f && !float.IsNaN(max))
        {
            var bits = new ReadOnlySpan<int>(row, size);
            var wanted = BitConverter.SingleToInt32Bits(max);
            return last ? bits.LastIndexOf(wanted) : bits.IndexOf(wanted);
        }

        var index = last ? size - 1 : 0;
        while (float.IsNaN(max) ? !float.IsNaN(row[index]) : row[index] != max)
            index += last ? -1 : 1;
        return index;
    }

    /// <summary>The maximum of a row; NaN if any element is.</summary>
    internal struct RowMax : ISimdKernel
    {
        internal float* Row;
        internal int Count;
        internal float Result;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var max = T.Constant(*Row);
            nint i = 0;
            for (; i <= Count - T.Count; i += T.Count)
                max = T.Max(max, T.Load(Row + i));
            Result = T.MaxElement(max);
            for (; i < Count; i++)
                Result = MathF.Max(Result, Row[i]);
        }
    }
}
