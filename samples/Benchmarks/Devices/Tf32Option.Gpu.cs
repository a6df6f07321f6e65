using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class Tf32Option
{
    static partial void AllowOnGpu(Backend backend, ref bool allowed)
    {
        if (backend is not GpuBackend { Device.Kind: DeviceKind.Cuda } gpu)
            return;
        gpu.Precision = MatMulPrecision.Tf32;
        CuBlasProduct.AllowsTf32 = true;
        allowed = true;
    }
}
