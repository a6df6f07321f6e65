namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y = silu(a) b, silu(a) = a / (1 + e^-a), where each row of x holds a and then b, the result of one product with both
    /// weight matrices of a gated feed-forward layer (Shazeer, "GLU variants improve Transformer", arXiv:2002.05202).
    /// </summary>
    /// <param name="x">The input, shape (rows, 2 columns).</param>
    /// <param name="y">Output: the result, shape (rows, columns); not x.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns of y.</param>
    public void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        RunSwiGlu(x, y, rows, columns);
        KeepAlive((x, y));
    }

    /// <summary>
    /// Computes the gradient of <see cref="SwiGlu"/>: dA = dY b silu'(a), dB = dY silu(a), side by side as a and b are. dX, shape
    /// (rows, 2 columns), is written and may be x.
    /// </summary>
    public void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns)
    {
        RowChecks.Check(nameof(SwiGluGradient), nameof(dX), dX, rows, SizeLimitException.Product("SwiGlu: a row", 2, columns));
        RunSwiGluGradient(x, dY, dX, rows, columns);
        KeepAlive((x, dY, dX));
    }

    private protected static void CheckSwiGlu(string operation, DeviceSpan<float> x, string name, DeviceSpan<float> y,
        int rows, int columns)
    {
        RowChecks.Check(operation, nameof(x), x, rows, SizeLimitException.Product("SwiGlu: a row", 2, columns));
        RowChecks.Check(operation, name, y, rows, columns);
    }

    private protected abstract void RunSwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    private protected abstract void RunSwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns);
}
