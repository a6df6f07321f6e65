using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class PrecisionOption
{
    static partial void UseOnGpu(string? precision, Backend backend, ref bool known)
    {
        if (backend is not GpuBackend { Device.Kind: DeviceKind.Cuda } gpu)
            return;
        if (precision is not null)
            gpu.Precision = Enum.Parse<MatMulPrecision>(precision, ignoreCase: true);
        CuBlasProduct.AllowsTf32 = gpu.Precision == MatMulPrecision.Tf32;
        known = true;
    }
}
