namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y = silu(a) b, silu(a) = a / (1 + e^-a), where each row of x holds a and then b: what one product with both weight
    /// matrices of a gated feed-forward layer gives (Shazeer, "GLU variants improve Transformer", arXiv:2002.05202).
    /// </summary>
    /// <param name="x">Shape (rows, 2 columns).</param>
    /// <param name="y">Shape (rows, columns); not x.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns of y.</param>
    public abstract void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    /// <summary>
    /// The gradient of <see cref="SwiGlu"/>: dA = dY b silu'(a), dB = dY silu(a), side by side as a and b are. dX, shape
    /// (rows, 2 columns), is written and may be x.
    /// </summary>
    public abstract void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns);

    private protected static void CheckSwiGlu(string operation, DeviceSpan<float> x, string name, DeviceSpan<float> y,
        int rows, int columns)
    {
        Rows.Check(operation, nameof(x), x, rows, SizeLimitException.Product("SwiGlu: a row", 2, columns));
        Rows.Check(operation, name, y, rows, columns);
    }
}
