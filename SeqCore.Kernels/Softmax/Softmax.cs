namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>y_rc = e^(x_rc - max_r) / sum_k e^(x_rk - max_r) for each row. Shape (rows, columns); y may be x.</summary>
    public abstract void Softmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    /// <summary>dX_rc = y_rc (dY_rc - sum_k dY_rk y_rk). Shapes (rows, columns); dX may be y or dY.</summary>
    public abstract void SoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns);

    /// <summary>y_rc = x_rc - log sum_k e^(x_rk). Shape (rows, columns); y may be x.</summary>
    public abstract void LogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    /// <summary>dX_rc = dY_rc - e^(y_rc) sum_k dY_rk. Shapes (rows, columns); dX may be y or dY.</summary>
    public abstract void LogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns);

    private protected static void CheckSoftmax(SoftmaxKind kind, string name, DeviceSpan<float> input, DeviceSpan<float> gradient,
        DeviceSpan<float> output, int rows, int columns)
    {
        Rows.Check(name, kind is SoftmaxKind.Softmax or SoftmaxKind.LogSoftmax ? "x" : "y", input, rows, columns);
        if (kind is SoftmaxKind.SoftmaxGradient or SoftmaxKind.LogSoftmaxGradient)
            Rows.Check(name, "dY", gradient, rows, columns);
        Rows.Check(name, "output", output, rows, columns);
    }
}
