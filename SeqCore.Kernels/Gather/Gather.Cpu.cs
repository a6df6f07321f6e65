using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>The number of columns in one chunk of a scatter, which handles all indices in order.</summary>
    private const int ScatterColumns = 64;

    private protected override void RunGather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output,
        int rows, int columns)
    {
        CheckIndices(nameof(Gather), indices.Pointer(), indices.Length, rows);
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new GatherChunks(table.Pointer(), indices.Pointer(), output.Pointer(), indices.Length, columns, perChunk);
        Workers.For(RowChunking.Chunks(indices.Length, perChunk), ref chunks);
    }

    private protected override void RunScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table,
        int rows, int columns)
    {
        CheckIndices(nameof(ScatterAdd), indices.Pointer(), indices.Length, rows);
        var chunks = new ScatterAddChunks(source.Pointer(), indices.Pointer(), table.Pointer(), indices.Length, columns);
        Workers.For((columns + ScatterColumns - 1) / ScatterColumns, ref chunks);
    }

    private protected override void RunClearRows(DeviceSpan<float> table, DeviceSpan<int> indices, int rows, int columns)
    {
        CheckIndices(nameof(ClearRows), indices.Pointer(), indices.Length, rows);
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new ClearRowsChunks(table.Pointer(), indices.Pointer(), indices.Length, columns, perChunk);
        Workers.For(RowChunking.Chunks(indices.Length, perChunk), ref chunks);
    }

    private static void CheckIndices(string operation, int* indices, int count, int rows)
    {
        for (var i = 0; i < count; i++)
        {
            if ((uint)indices[i] >= (uint)rows)
                throw new ArgumentException(BadIndex(operation, i, indices[i], rows));
        }
    }

    private readonly struct GatherChunks(float* table, int* indices, float* output, int count, int columns, int perChunk)
        : IChunks
    {
        public void Invoke(int chunk)
        {
            var end = (int)Math.Min((chunk + 1L) * perChunk, count);
            for (var i = chunk * perChunk; i < end; i++)
            {
                var row = new ReadOnlySpan<float>(table + (long)indices[i] * columns, columns);
                row.CopyTo(new Span<float>(output + (long)i * columns, columns));
            }
        }
    }

    private readonly struct ClearRowsChunks(float* table, int* indices, int count, int columns, int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            var end = (int)Math.Min((chunk + 1L) * perChunk, count);
            for (var i = chunk * perChunk; i < end; i++)
                new Span<float>(table + (long)indices[i] * columns, columns).Clear();
        }
    }

    // A chunk owns some columns of the table and handles all indices in order, so no two threads add to the same element, and
    // each element is summed in the order of the indices.
    private readonly struct ScatterAddChunks(float* source, int* indices, float* table, int count, int columns) : IChunks
    {
        public void Invoke(int chunk)
        {
            var first = chunk * ScatterColumns;
            var kernel = new ScatterAddKernel(source + first, indices, table + first, count, columns,
                Math.Min(ScatterColumns, columns - first));
            Simd.Run(ref kernel);
        }
    }
}
