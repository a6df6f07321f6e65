using ILGPU.Runtime;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

internal static partial class YardstickWorkloads
{
    /// <summary>N numbers from one place of the default device's memory to another, by its driver.</summary>
    /// <exception cref="NotSupportedException">The default device is no GPU.</exception>
    private static Workload DriverCopy(int n)
    {
        if (Backend.Default is not GpuBackend { Accelerator: var accelerator })
        {
            throw new NotSupportedException("the driver copies on GPUs only, and the device is cpu."
                + " Use --device cuda or opencl, or copy.");
        }

        var (source, destination) = (accelerator.Allocate1D(Inputs.Values(n)), accelerator.Allocate1D<float>(n));
        var queue = accelerator.DefaultStream;
        return new Workload(() => source.View.CopyTo(queue, destination.View), Wait: queue.Synchronize, Floats: 2.0 * n);
    }

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
