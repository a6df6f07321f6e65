using SeqCore.Kernels.Reduction;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunArgMax(in StridedSpan x, int axis, DeviceSpan<int> indices, bool last)
    {
        var kernel = new ArgMaxKernel(x, axis, indices, last);
        if (kernel.Chunks == 0)
            return;
        Workers.For(kernel.Chunks, ref kernel);
    }
}
