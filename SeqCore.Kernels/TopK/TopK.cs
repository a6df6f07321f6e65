namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The k greatest of each row, in falling order (the lower index first among equals). NaN counts as greater than every
    /// number, -0 as equal to 0. Outputs (rows, k).
    /// </summary>
    /// <exception cref="ArgumentException">k is not in [0, columns].</exception>
    public abstract void TopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows, int columns, int k);
}
