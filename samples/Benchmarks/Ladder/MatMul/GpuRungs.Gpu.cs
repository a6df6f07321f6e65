using ILGPU;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The rungs on a GPU, from one thread an element to tiles in registers.</summary>
internal static class GpuRungs
{
    internal static Rung[] On(GpuBackend gpu) =>
    [
        Of(gpu, "neighbours in rows",
            (a, b, c, n) => gpu.Launch(new RowsGpuKernel { A = a, B = b, C = c, N = n }, (n * n + 255) / 256)),
        Of(gpu, "in columns",
            (a, b, c, n) => gpu.Launch(new ColumnsGpuKernel { A = a, B = b, C = c, N = n }, (n * n + 255) / 256)),
        Of(gpu, "shared tile", (a, b, c, n) => gpu.Launch(new SharedTileGpuKernel { A = a, B = b, C = c, N = n },
            Tiles(n, SharedTileGpuKernel.Tile))),
        Of(gpu, "register tile", (a, b, c, n) => gpu.Launch(new RegisterTileGpuKernel { A = a, B = b, C = c, N = n },
            Tiles(n, RegisterTileGpuKernel.Tile))),
        LibraryRung.On(gpu),
    ];

    private static Rung Of(GpuBackend gpu, string name,
        Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, int> launch) => new(name, 1, (a, b, n) =>
    {
        var memory = gpu.Rent(3L * n * n * sizeof(float));
        var spans = Enumerable.Range(0, 3).Select(i => new DeviceSpan<float>(memory, i * n * n, n * n)).ToArray();
        gpu.Upload<float>(a, spans[0]);
        gpu.Upload<float>(b, spans[1]);
        return (Multiply, Result);

        void Multiply()
        {
            launch(gpu.View(spans[0]), gpu.View(spans[1]), gpu.View(spans[2]), n);
            gpu.Synchronize();
        }

        float[] Result()
        {
            var c = new float[n * n];
            gpu.Download(spans[2], c);
            memory.Dispose();
            return c;
        }
    });

    private static Index3D Tiles(int n, int tile) => new((n + tile - 1) / tile, (n + tile - 1) / tile, 1);
}
