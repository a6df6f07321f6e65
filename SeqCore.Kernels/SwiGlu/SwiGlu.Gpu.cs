namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
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

    /// <inheritdoc/>
    public override void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns)
    {
        Rows.Check(nameof(SwiGluGradient), nameof(dX), dX, rows, SizeLimitException.Product("SwiGlu: a row", 2, columns));
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
