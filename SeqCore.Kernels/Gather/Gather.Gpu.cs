using SeqCore.Kernels.Gather;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunGather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output,
        int rows, int columns)
    {
        var (notes, number) = problems.Watch((position, index) => BadIndex(nameof(Gather), position, index, rows));
        LaunchRows(new GatherGpuKernel
        {
            Table = View(table),
            Indices = View(indices),
            Output = View(output),
            Notes = notes,
            Number = number,
            TableRows = rows,
            Rows = indices.Length,
            Columns = columns,
            Team = RowPlace.TeamFor(indices.Length, Math.Max(1, columns)),
        }, indices.Length, Math.Max(1, columns), AreAlignedRows(columns, table, output), nameof(Gather));
    }

    private protected override void RunScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table,
        int rows, int columns)
    {
        if (indices.Length == 0)
            return;
        var (notes, number) = problems.Watch((position, index) => BadIndex(nameof(ScatterAdd), position, index, rows));
        using var order = SortIndices(indices, rows, notes, number, nameof(ScatterAdd));
        var isAligned = AreAlignedRows(columns, source, table);
        var perChunk = IndicesPerChunk(indices.Length);
        var chunks = (indices.Length + perChunk - 1) / perChunk;
        var team = RowPlace.TeamFor(chunks, columns);
        using var memory = Scratch(2L * chunks * columns, out var partial, nameof(ScatterAdd));
        LaunchRows(new ScatterAddGpuKernel
        {
            Source = View(source),
            Keys = View(order.Keys),
            Positions = View(order.Positions),
            Table = View(table),
            Partial = View(partial),
            Count = indices.Length,
            PerChunk = perChunk,
            Chunks = chunks,
            Rows = rows,
            Columns = columns,
            Team = team,
        }, chunks, columns, isAligned, nameof(ScatterAdd));
        LaunchAligned(new ScatterTotalsKernel
        {
            Keys = View(order.Keys),
            Table = View(table),
            Partial = View(partial),
            Count = indices.Length,
            PerChunk = perChunk,
            Chunks = chunks,
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(int.MaxValue, columns),
        }, isAligned, columns == 0 ? 0 : chunks, nameof(ScatterAdd));
    }

    private protected override void RunClearRows(DeviceSpan<float> table, DeviceSpan<int> indices, int rows, int columns)
    {
        var (notes, number) = problems.Watch((position, index) => BadIndex(nameof(ClearRows), position, index, rows));
        LaunchRows(new ClearRowsGpuKernel
        {
            Table = View(table),
            Indices = View(indices),
            Notes = notes,
            Number = number,
            TableRows = rows,
            Rows = indices.Length,
            Columns = columns,
            Team = RowPlace.TeamFor(indices.Length, Math.Max(1, columns)),
        }, indices.Length, Math.Max(1, columns), AreAlignedRows(columns, table), nameof(ClearRows));
    }

    /// <summary>
    /// The number of sorted indices for each team: large enough that few runs are cut, small enough to occupy the whole device.
    /// </summary>
    private static int IndicesPerChunk(int count) => Math.Max(8, (count + 4095) / 4096);
}
