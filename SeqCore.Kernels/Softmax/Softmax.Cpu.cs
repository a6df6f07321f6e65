using SeqCore.Kernels.Softmax;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax(SoftmaxKind.Softmax, nameof(Softmax), x, default, y, rows, columns);

    private protected override void RunSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows,
        int columns) =>
        RunSoftmax(SoftmaxKind.SoftmaxGradient, nameof(SoftmaxGradient), y, dY, dX, rows, columns);

    private protected override void RunLogSoftmax(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSoftmax(SoftmaxKind.LogSoftmax, nameof(LogSoftmax), x, default, y, rows, columns);

    private protected override void RunLogSoftmaxGradient(DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns) =>
        RunSoftmax(SoftmaxKind.LogSoftmaxGradient, nameof(LogSoftmaxGradient), y, dY, dX, rows, columns);

    private void RunSoftmax(SoftmaxKind kind, string name, DeviceSpan<float> input, DeviceSpan<float> gradient,
        DeviceSpan<float> output, int rows, int columns)
    {
        CheckSoftmax(kind, name, input, gradient, output, rows, columns);
        var perChunk = RowChunking.PerChunk(columns);
        var chunks = new SoftmaxChunks(kind, input.Pointer(), gradient.Pointer(), output.Pointer(), rows, columns, perChunk);
        Workers.For(RowChunking.Chunks(rows, perChunk), ref chunks);
    }

    private readonly struct SoftmaxChunks(SoftmaxKind kind, float* input, float* gradient, float* output, int rows, int columns,
        int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            var first = (long)chunk * perChunk;
            var offset = first * columns;
            var kernel = new SoftmaxKernel(kind, input + offset, gradient + offset, output + offset,
                (int)Math.Min(perChunk, rows - first), columns);
            Simd.Run(ref kernel);
        }
    }
}
