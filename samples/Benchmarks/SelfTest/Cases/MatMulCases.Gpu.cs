using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class MatMulCases
{
    /// <summary>Products in tf32. Operands that begin on no boundary are multiplied in float32 all the same.</summary>
    static partial void AddTensorCores(List<KernelCase> kernels)
    {
        kernels.Add(OnTensorCores(Product(128, 128, 64, large: false, false, false)));
        kernels.Add(OnTensorCores(Product(132, 260, 68, large: false, false, true)));
        kernels.Add(OnTensorCores(Product(256, 512, 128, large: false, true, false)));
        kernels.Add(OnTensorCores(Batched(64, 256, 64, 256, shared: false, large: true)));
        foreach (var (a, b) in new[] { (false, false), (false, true), (true, false), (true, true) })
            kernels.Add(OnTensorCores(Product(4096, 4096, 4096, large: true, a, b)));
    }

    private static KernelCase OnTensorCores(KernelCase kernel) => kernel with
    {
        Form = $"tf32, {kernel.Form}",
        Bound = Bounds.Tf32,
        Applies = backend => backend.Device.Kind == DeviceKind.Cuda,
        Prepare = o =>
        {
            var call = kernel.Prepare(o);
            return o.Backend is not GpuBackend gpu ? call : () =>
            {
                gpu.Precision = MatMulPrecision.Tf32;
                call();
                gpu.Precision = MatMulPrecision.Float32;
            };
        },
    };
}
