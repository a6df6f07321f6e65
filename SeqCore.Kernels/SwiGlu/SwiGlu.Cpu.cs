using SeqCore.Kernels.SwiGlu;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunSwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSwiGlu(nameof(SwiGlu), x, nameof(y), y, default, rows, columns);

    private protected override void RunSwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns)
    {
        RunSwiGlu(nameof(SwiGluGradient), x, nameof(dY), dY, dX, rows, columns);
    }

    private void RunSwiGlu(string operation, DeviceSpan<float> x, string name, DeviceSpan<float> y, DeviceSpan<float> dX,
        int rows, int columns)
    {
        CheckSwiGlu(operation, x, name, y, rows, columns);
        ForRows(new SwiGluKernel
        {
            X = x.Pointer(),
            Y = y.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, rows, columns);
    }
}
