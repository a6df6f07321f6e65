using System.CommandLine;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>
/// <c>--precision float32|tf32x3|tf32</c>: products of matrices and of attention on a GPU's tensor cores; in tf32,
/// cuBLAS's products too.
/// </summary>
internal static class PrecisionOption
{
    private const string Exact = "float32";

    internal static Option<string?> Create()
    {
        var option = new Option<string?>("--precision")
        {
            Description = "How an NVIDIA GPU multiplies matrices, attention's included: in float32, or on its tensor cores with"
                + " each factor split into two tf32 numbers, or rounded to one. [default: SEQCORE_GPU_PRECISION, or float32]",
        };
        option.AcceptOnlyFromAmong(Exact, "tf32x3", "tf32");
        return option;
    }

    /// <summary>Sets it for the rest of the process.</summary>
    /// <exception cref="UserException">It is not float32 and the device is not an NVIDIA GPU.</exception>
    internal static void Use(string? precision, Backend backend)
    {
        if (backend is not GpuBackend { Device.Kind: DeviceKind.Cuda } gpu)
        {
            if (precision is null or Exact)
                return;
            throw new UserException($"--precision {precision} is for NVIDIA GPUs, and the device is {backend.Device}."
                + " Use --device cuda.", isUsage: true);
        }

        if (precision is not null)
            gpu.Precision = Enum.Parse<MatMulPrecision>(precision, ignoreCase: true);
        CuBlasProduct.AllowsTf32 = gpu.Precision == MatMulPrecision.Tf32;
    }
}
