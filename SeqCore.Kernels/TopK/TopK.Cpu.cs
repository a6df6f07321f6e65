using SeqCore.Kernels.TopK;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunTopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k)
    {
        if (k == 0)
            return;
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new TopKChunks(this, x.Pointer(), values.Pointer(), indices.Pointer(), rows, columns, k, perChunk);
        Workers.For(RowChunking.Chunks(rows, perChunk), ref chunks);
    }

    private readonly struct TopKChunks(CpuBackend backend, float* x, float* values, int* indices, int rows, int columns, int k,
        int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            using var scratch = backend.Take(TopKKernel.ScratchLength(columns, k) * (long)sizeof(long));
            var first = (long)chunk * perChunk;
            var kernel = new TopKKernel(x + first * columns, values + first * k, indices + first * k,
                (long*)scratch.Pointer, (int)Math.Min(perChunk, rows - first), columns, k);
            Simd.Run(ref kernel);
        }
    }
}
