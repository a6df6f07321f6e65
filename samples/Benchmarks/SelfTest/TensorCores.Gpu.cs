using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Kernels that may use an NVIDIA GPU's tensor cores.</summary>
internal static class TensorCores
{
    /// <summary>The case in a given precision.</summary>
    internal static KernelCase On(KernelCase kernel, MatMulPrecision precision) => kernel with
    {
        Variant = $"{precision.ToString().ToLowerInvariant()}, {kernel.Variant}",
        Bound = precision == MatMulPrecision.Tf32 ? Bounds.Tf32 : kernel.Bound,
        Applies = backend => backend.Device.Kind == DeviceKind.Cuda,
        Prepare = o =>
        {
            var call = kernel.Prepare(o);
            return o.Backend is not GpuBackend gpu ? call : () =>
            {
                var before = gpu.Precision;
                try
                {
                    gpu.Precision = precision;
                    call();
                }
                finally
                {
                    gpu.Precision = before;
                }
            };
        },
    };
}
