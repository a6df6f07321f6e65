namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void SwiGlu(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns) =>
        RunSwiGlu(nameof(SwiGlu), x, nameof(y), y, default, rows, columns);

    /// <inheritdoc/>
    public override void SwiGluGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns)
    {
        Rows.Check(nameof(SwiGluGradient), nameof(dX), dX, rows, checked(2 * columns));
        RunSwiGlu(nameof(SwiGluGradient), x, nameof(dY), dY, dX, rows, columns);
    }

    private void RunSwiGlu(string operation, DeviceSpan<float> x, string name, DeviceSpan<float> y, DeviceSpan<float> dX, int rows, int columns)
    {
        Rows.Check(operation, nameof(x), x, rows, checked(2 * columns));
        Rows.Check(operation, name, y, rows, columns);
        var perChunk = Rows.PerChunk(columns);
        var chunks = new SwiGluChunks(new SwiGluKernel
        {
            X = x.Pointer(),
            Y = y.Pointer(),
            DX = dX.Pointer(),
            Columns = columns,
        }, rows, perChunk);
        Workers.For(Rows.Chunks(rows, perChunk), ref chunks);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(y.Buffer);
        GC.KeepAlive(dX.Buffer);
    }

    private readonly struct SwiGluChunks(SwiGluKernel kernel, int rows, int perChunk) : IChunks
    {
        public void Invoke(int chunk)
        {
            var mine = kernel;
            mine.FirstRow = chunk * perChunk;
            mine.EndRow = (int)Math.Min(mine.FirstRow + (long)perChunk, rows);
            Simd.Run(ref mine);
        }
    }
}
