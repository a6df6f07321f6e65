namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax<SoftmaxForm>(SoftmaxKind.Softmax, nameof(Softmax), x, y, rows, columns);

    private protected override void RunSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns) =>
        RunSoftmaxGradient<SoftmaxGradientForm>(SoftmaxKind.SoftmaxGradient, nameof(SoftmaxGradient), y, dY, dX, rows, columns);

    private protected override void RunLogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax<LogSoftmaxForm>(SoftmaxKind.LogSoftmax, nameof(LogSoftmax), x, y, rows, columns);

    private protected override void RunLogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns) =>
        RunSoftmaxGradient<LogSoftmaxGradientForm>(SoftmaxKind.LogSoftmaxGradient, nameof(LogSoftmaxGradient), y, dY, dX,
            rows, columns);

    private void RunSoftmax<TForm>(SoftmaxKind kind, string name, DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns)
        where TForm : struct, ISoftmaxForm
    {
        CheckSoftmax(kind, name, x, default, y, rows, columns);
        LaunchRows(new SoftmaxGpuKernel<TForm>
        {
            X = View(x),
            Y = View(y),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
        }, rows, columns, AreAlignedRows(columns, x, y), name);
    }

    private void RunSoftmaxGradient<TForm>(SoftmaxKind kind, string name, DeviceSpan<float> y, DeviceSpan<float> dY,
        DeviceSpan<float> dX, int rows, int columns)
        where TForm : struct, ISoftmaxGradientForm
    {
        CheckSoftmax(kind, name, y, dY, dX, rows, columns);
        LaunchRows(new SoftmaxGradientGpuKernel<TForm>
        {
            Y = View(y),
            DY = View(dY),
            DX = View(dX),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
        }, rows, columns, AreAlignedRows(columns, y, dY, dX), name);
    }
}
