using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunGatherAlong(in StridedSpan x, int axis, in StridedIndices indices, DeviceSpan<float> y)
    {
        var size = x.Layout.Size(axis);
        CheckIndicesAlong(nameof(GatherAlong), indices.Data, axis, size);
        var chunks = new GatherAlongChunks(AlongAxis.Elements(x.Layout, axis, indices.Layout), x.Data.Pointer(),
            indices.Data.Pointer(), y.Pointer(), size, x.Layout.Stride(axis));
        Workers.For(RowChunking.Chunks(y.Length, GatherAlongChunks.ChunkSize), ref chunks);
    }

    private protected override void RunScatterAlong(string operation, DeviceSpan<float> source, in StridedIndices indices,
        in StridedSpan table, int axis, bool adds)
    {
        int size = table.Layout.Size(axis), count = indices.Layout.Size(axis);
        CheckIndicesAlong(operation, indices.Data, axis, size);
        var plan = AlongAxis.Lines(table.Layout, axis, indices.Layout);
        var strides = new ScatterAlongStrides(count, size, indices.Layout.Stride(axis),
            AlongAxis.ContiguousStride(indices.Layout, axis), table.Layout.Stride(axis));

        // Lines side by side are written together, as many as ScatterAdd takes.
        var perChunk = RowChunking.PerChunk(count);
        if (plan.InnerStride(2) < strides.Table)
            perChunk = Math.Max(perChunk, ScatterColumns);
        var chunks = new ScatterAlongChunks(plan, source.Pointer(), indices.Data.Pointer(), table.Data.Pointer(), perChunk,
            strides, adds);
        Workers.For(RowChunking.Chunks(plan.Count, perChunk), ref chunks);
    }

    private static void CheckIndicesAlong(string operation, DeviceSpan<int> indices, int axis, int size)
    {
        var values = indices.Pointer();
        for (var i = 0; i < indices.Length; i++)
        {
            if (values[i] < -size || values[i] >= size)
                throw new ArgumentException(BadIndexAlong(operation, i, values[i], axis, size));
        }
    }
}
