using SeqCore.Kernels.Softmax;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>y_rc = e^(x_rc - max_r) / sum_k e^(x_rk - max_r) for each row. Shapes (rows, columns); y may be x.</summary>
    public void Softmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        RunSoftmax(x, y, rows, columns);
        KeepAlive((x, y));
    }

    /// <summary>dX_rc = y_rc (dY_rc - sum_k dY_rk y_rk). Shapes (rows, columns); dX may be y or dY.</summary>
    public void SoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns)
    {
        RunSoftmaxGradient(y, dY, dX, rows, columns);
        KeepAlive((y, dY, dX));
    }

    /// <summary>y_rc = x_rc - log sum_k e^(x_rk). Shape (rows, columns); y may be x.</summary>
    public void LogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        RunLogSoftmax(x, y, rows, columns);
        KeepAlive((x, y));
    }

    /// <summary>dX_rc = dY_rc - e^(y_rc) sum_k dY_rk. Shapes (rows, columns); dX may be y or dY.</summary>
    public void LogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns)
    {
        RunLogSoftmaxGradient(y, dY, dX, rows, columns);
        KeepAlive((y, dY, dX));
    }

    private protected static void CheckSoftmax(SoftmaxKind kind, string name, DeviceSpan<float> input, DeviceSpan<float> gradient,
        DeviceSpan<float> output, int rows, int columns)
    {
        RowChecks.Check(name, kind is SoftmaxKind.Softmax or SoftmaxKind.LogSoftmax ? "x" : "y", input, rows, columns);
        if (kind is SoftmaxKind.SoftmaxGradient or SoftmaxKind.LogSoftmaxGradient)
            RowChecks.Check(name, "dY", gradient, rows, columns);
        RowChecks.Check(name, "output", output, rows, columns);
    }

    private protected abstract void RunSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    private protected abstract void RunSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns);

    private protected abstract void RunLogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns);

    private protected abstract void RunLogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns);
}
