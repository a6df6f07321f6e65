namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>The k greatest of each row, in falling order (the lower index first among equals). Outputs (rows, k).</summary>
    public abstract void TopK(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows, int columns, int k);
}
