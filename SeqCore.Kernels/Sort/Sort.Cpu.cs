using SeqCore.Kernels.Sort;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunSort(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, bool descending, bool areIntegers)
    {
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new SortChunks(this, new SortRow(x.Pointer(), values.Pointer(), indices.Pointer(), columns, descending,
            areIntegers), rows, columns, perChunk);
        Workers.For(RowChunking.Chunks(rows, perChunk), ref chunks);
    }

    private readonly struct SortChunks(CpuBackend backend, SortRow sort, int rows, int columns, int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            using var scratch = backend.Take(2L * columns * sizeof(ulong));
            var end = (int)Math.Min((chunk + 1L) * perChunk, rows);
            for (var row = chunk * perChunk; row < end; row++)
                sort.Run(row, (ulong*)scratch.Pointer);
        }
    }
}
