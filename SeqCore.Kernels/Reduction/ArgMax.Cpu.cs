namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void ArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices)
    {
        var kernel = new ArgMaxKernel(x, axis, indices);
        if (kernel.Chunks == 0)
            return;
        Workers.For(kernel.Chunks, ref kernel);
        GC.KeepAlive(x.Data.Buffer);
        GC.KeepAlive(indices.Buffer);
    }
}
