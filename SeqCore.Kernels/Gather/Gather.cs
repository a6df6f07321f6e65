namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// output_i = table_(indices_i), the lookup of an embedding. Table (rows, columns), output (indices, columns).
    /// </summary>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void Gather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output,
        int rows, int columns)
    {
        CheckGather(table, indices, output, rows, columns);
        RunGather(table, indices, output, rows, columns);
        KeepAlive((table, indices, output));
    }

    /// <summary>table_(indices_i) += source_i, in the order of i for each row, so that the result is deterministic.</summary>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void ScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table,
        int rows, int columns)
    {
        CheckScatterAdd(source, indices, table, rows, columns);
        RunScatterAdd(source, indices, table, rows, columns);
        KeepAlive((source, indices, table));
    }

    /// <summary>table_(indices_i) = 0.</summary>
    /// <exception cref="ArgumentException">An index is out of range; the message names its position and value.</exception>
    public void ClearRows(DeviceSpan<float> table, DeviceSpan<int> indices, int rows, int columns)
    {
        RowChecks.Check(nameof(ClearRows), nameof(table), table, rows, columns);
        RunClearRows(table, indices, rows, columns);
        KeepAlive((table, indices));
    }

    private protected static void CheckGather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output,
        int rows, int columns)
    {
        RowChecks.Check(nameof(Gather), nameof(table), table, rows, columns);
        RowChecks.Check(nameof(Gather), nameof(output), output, indices.Length, columns);
    }

    private protected static void CheckScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table,
        int rows, int columns)
    {
        RowChecks.Check(nameof(ScatterAdd), nameof(source), source, indices.Length, columns);
        RowChecks.Check(nameof(ScatterAdd), nameof(table), table, rows, columns);
    }

    private protected static string BadIndex(string operation, int position, int index, int rows) =>
        $"{operation}: the index at position {position} is {index}; expected a row of the table, in [0, {rows}).";

    private protected abstract void RunGather(DeviceSpan<float> table, DeviceSpan<int> indices, DeviceSpan<float> output,
        int rows, int columns);

    private protected abstract void RunScatterAdd(DeviceSpan<float> source, DeviceSpan<int> indices, DeviceSpan<float> table,
        int rows, int columns);

    private protected abstract void RunClearRows(DeviceSpan<float> table, DeviceSpan<int> indices, int rows, int columns);
}
