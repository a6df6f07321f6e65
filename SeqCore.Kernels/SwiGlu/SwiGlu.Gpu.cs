using SeqCore.Kernels.SwiGlu;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunSwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
    {
        CheckSwiGlu(nameof(SwiGlu), x, nameof(y), y, rows, columns);
        LaunchRows(new SwiGluGpuKernel
        {
            X = View(x),
            Y = View(y),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
        }, rows, columns, AreAlignedRows(columns, x, y), nameof(SwiGlu));
    }

    private protected override void RunSwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns)
    {
        CheckSwiGlu(nameof(SwiGluGradient), x, nameof(dY), dY, rows, columns);
        LaunchRows(new SwiGluGradientGpuKernel
        {
            X = View(x),
            DY = View(dY),
            DX = View(dX),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
        }, rows, columns, AreAlignedRows(columns, x, dY, dX), nameof(SwiGluGradient));
    }
}
