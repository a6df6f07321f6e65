using SeqCore.Kernels.Softmax;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax<SoftmaxVariant>(SoftmaxKind.Softmax, nameof(Softmax), x, y, rows, columns);

    private protected override void RunSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns) =>
        RunSoftmaxGradient<SoftmaxGradientVariant>(SoftmaxKind.SoftmaxGradient, nameof(SoftmaxGradient), y, dY, dX, rows,
            columns);

    private protected override void RunLogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax<LogSoftmaxVariant>(SoftmaxKind.LogSoftmax, nameof(LogSoftmax), x, y, rows, columns);

    private protected override void RunLogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns) =>
        RunSoftmaxGradient<LogSoftmaxGradientVariant>(SoftmaxKind.LogSoftmaxGradient, nameof(LogSoftmaxGradient), y, dY, dX,
            rows, columns);

    private void RunSoftmax<TVariant>(SoftmaxKind kind, string name, DeviceSpan<float> x, DeviceSpan<float> y, int rows,
        int columns)
        where TVariant : struct, ISoftmaxVariant
    {
        CheckSoftmax(kind, name, x, default, y, rows, columns);
        LaunchRows(new SoftmaxGpuKernel<TVariant>
        {
            X = View(x),
            Y = View(y),
            Rows = rows,
            Columns = columns,
            Team = RowPlace.TeamFor(rows, columns),
        }, rows, columns, AreAlignedRows(columns, x, y), name);
    }

    private void RunSoftmaxGradient<TVariant>(SoftmaxKind kind, string name, DeviceSpan<float> y, DeviceSpan<float> dY,
        DeviceSpan<float> dX, int rows, int columns)
        where TVariant : struct, ISoftmaxGradientVariant
    {
        CheckSoftmax(kind, name, y, dY, dX, rows, columns);
        LaunchRows(new SoftmaxGradientGpuKernel<TVariant>
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
