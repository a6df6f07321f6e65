namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The k greatest of each row, in falling order (the lower index first among equals). NaN counts as greater than every
    /// number, -0 as equal to 0. Outputs (rows, k).
    /// </summary>
    /// <exception cref="ArgumentException">k is not in [0, columns].</exception>
    public abstract void TopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, int k);

    private protected static void CheckTopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices,
        int rows, int columns, int k)
    {
        if (k < 0 || k > columns)
            throw new ArgumentException($"TopK: k should be in [0, {columns}], the number of columns; got {k}.", nameof(k));
        Rows.Check(nameof(TopK), nameof(x), x, rows, columns);
        Rows.Check(nameof(TopK), nameof(values), values, rows, k);
        Rows.Check(nameof(TopK), nameof(indices), indices, rows, k);
    }
}
