using SeqCore.Kernels.Copy;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <summary>Transposed axes shorter than this are copied without tiles, since most threads of a tile would be idle.</summary>
    private const int ShortestTransposed = 8;

    private protected override void RunCopy(in StridedSpan source, in StridedSpan destination)
    {
        if (!TranspositionPlan.TryCreate(source.Layout, destination.Layout, ShortestTransposed, out var plan))
        {
            Map(nameof(Copy), default(CopyMap), [source, destination]);
            return;
        }

        int tilesN = RowChunking.Chunks(plan.N, TransposeGpuKernel.Tile),
            tilesM = RowChunking.Chunks(plan.M, TransposeGpuKernel.Tile);
        var kernel = new TransposeGpuKernel
        {
            Source = View(source.Data),
            Destination = View(destination.Data),
            Outer = GpuAxes.Of(plan.Outer),
            SourceOuter = GpuStrides.Of(plan.Outer, 0),
            DestinationOuter = GpuStrides.Of(plan.Outer, 1),
            N = plan.N,
            M = plan.M,
            SourceStride = plan.SourceStride,
            DestinationStride = plan.DestinationStride,
            TilesN = tilesN,
            TilesM = tilesM,
        };
        Launch(kernel, SizeLimitException.CheckGroups(nameof(Copy), (long)plan.Outer.Count * tilesN * tilesM), nameof(Copy));
    }

    private protected override void RunFill(in StridedSpan destination, float value)
    {
        if (destination.Layout.Count == 0)
            return;
        var plan = StridedPlan.Create([destination.Layout]);
        var isAligned = plan.IsContiguous(0) && Float4.AreAligned(destination.Data);
        var kernel = new FillGpuKernel
        {
            Destination = View(destination.Data),
            Axes = GpuAxes.Of(plan),
            Strides = GpuStrides.Of(plan, 0),
            Count = plan.Count,
            Value = value,
        };
        LaunchAligned(kernel, isAligned, RowChunking.Chunks(isAligned ? (plan.Count / 4) + 3 : plan.Count,
            IGpuKernel.MostThreads), nameof(Fill));
    }
}
