using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>The number of lines from which a thread for each occupies the device.</summary>
    private const int ManyLines = 4096;

    /// <summary>The number of indices of a line up to which a thread takes them in less time than sorting would.</summary>
    private const int FewIndices = 64;

    private protected override void RunGatherAlong(in StridedSpan x, int axis, in StridedIndices indices, DeviceSpan<float> y)
    {
        var size = x.Layout.Size(axis);
        var (notes, number) = WatchAlong(nameof(GatherAlong), axis, size);
        var plan = AlongAxis.Elements(x.Layout, axis, indices.Layout);
        Launch(new GatherAlongGpuKernel
        {
            X = View(x.Data),
            Places = Places(plan, indices, notes, number, size, x.Layout.Stride(axis)),
            Y = View(y),
        }, RowChunking.Chunks(y.Length, IGpuKernel.MostThreads), nameof(GatherAlong));
    }

    private protected override void RunScatterAlong(string operation, DeviceSpan<float> source, in StridedIndices indices,
        in StridedSpan table, int axis, bool adds)
    {
        int size = table.Layout.Size(axis), count = indices.Layout.Size(axis), stride = table.Layout.Stride(axis);
        var (notes, number) = WatchAlong(operation, axis, size);
        var lines = AlongAxis.Lines(table.Layout, axis, indices.Layout);
        if (lines.Count >= ManyLines || count <= FewIndices)
        {
            Launch(new ScatterAlongGpuKernel
            {
                Source = View(source),
                Indices = View(indices.Data),
                Table = View(table.Data),
                Notes = notes,
                Number = number,
                Axes = GpuAxes.Of(lines),
                FirstIndex = GpuStrides.Of(lines, 0),
                FirstValue = GpuStrides.Of(lines, 1),
                FirstElement = GpuStrides.Of(lines, 2),
                Lines = lines.Count,
                Count = count,
                Size = size,
                IndexStride = indices.Layout.Stride(axis),
                SourceStride = AlongAxis.ContiguousStride(indices.Layout, axis),
                TableStride = stride,
                Adds = adds ? 1 : 0,
            }, RowChunking.Chunks(lines.Count, IGpuKernel.MostThreads), operation);
            return;
        }

        // Few long lines: the places of all values in the table are sorted, so that those of one place follow each other.
        using var memory = Scratch((long)source.Length * sizeof(int));
        var places = new DeviceSpan<int>(memory, 0, source.Length);
        Launch(new PlacesGpuKernel
        {
            Places = Places(AlongAxis.Elements(table.Layout, axis, indices.Layout), indices, notes, number, size, stride),
            Output = View(places),
        }, RowChunking.Chunks(places.Length, IGpuKernel.MostThreads), operation);
        if (adds)
        {
            RunScatterAdd(source, places, table.Data, table.Data.Length, 1);
            return;
        }

        using var order = SortIndices(places, table.Data.Length, notes, number, operation);
        Launch(new ScatterLastGpuKernel
        {
            Source = View(source),
            Keys = View(order.Keys),
            Positions = View(order.Positions),
            Table = View(table.Data),
            Count = source.Length,
            Rows = table.Data.Length,
        }, RowChunking.Chunks(source.Length, IGpuKernel.MostThreads), operation);
    }

    private (ILGPU.ArrayView<int> Notes, int Number) WatchAlong(string operation, int axis, int size) =>
        problems.Watch((position, index) => BadIndexAlong(operation, position, index, axis, size));

    private GpuPlacesAlong Places(in StridedPlan plan, in StridedIndices indices, ILGPU.ArrayView<int> notes, int number,
        int size, int stride) => new()
        {
            Axes = GpuAxes.Of(plan),
            Lines = GpuStrides.Of(plan, 0),
            IndexStrides = GpuStrides.Of(plan, 1),
            Indices = View(indices.Data),
            Notes = notes,
            Number = number,
            Count = plan.Count,
            Size = size,
            Stride = stride,
        };
}
