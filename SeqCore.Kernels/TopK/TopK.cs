namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Finds the k largest elements of each row, in descending order (the lower index first among equals). NaN counts as larger
    /// than every number, -0 as equal to 0. Outputs (rows, k).
    /// </summary>
    /// <exception cref="ArgumentException">k is not in [0, columns].</exception>
    public void TopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k)
    {
        CheckTopK(x, values, indices, rows, columns, k);
        RunTopK(x, values, indices, rows, columns, k);
        KeepAlive((x, values, indices));
    }

    private protected static void CheckTopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices,
        int rows, int columns, int k)
    {
        if (k < 0 || k > columns)
            throw new ArgumentException($"TopK: k should be in [0, {columns}], the number of columns; got {k}.", nameof(k));
        RowChecks.Check(nameof(TopK), nameof(x), x, rows, columns);
        RowChecks.Check(nameof(TopK), nameof(values), values, rows, k);
        RowChecks.Check(nameof(TopK), nameof(indices), indices, rows, k);
    }

    private protected abstract void RunTopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k);
}
