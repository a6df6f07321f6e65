using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class YardstickWorkloads
{
    static partial void AddGpu(List<WorkloadKind> kinds) => kinds.Add(new WorkloadKind("matmul_cublas", "N", sizes => Square(sizes[0])));

    /// <summary>C = A B, all N x N, by cuBLAS on the default device.</summary>
    /// <exception cref="NotSupportedException">The default device is no NVIDIA GPU, or there is no cuBLAS.</exception>
    private static Workload Square(int n)
    {
        var device = Backend.Default.Device;
        if (device.Kind != DeviceKind.Cuda)
            throw new NotSupportedException($"cuBLAS runs on NVIDIA GPUs only, and the device is {device}. Use --device cuda.");
        var product = CuBlasProduct.On(device.Index, Inputs.Values(n * n), Inputs.Values(n * n), n);
        return new Workload(product.Run, 2.0 * n * n * n, product.Wait);
    }
}
