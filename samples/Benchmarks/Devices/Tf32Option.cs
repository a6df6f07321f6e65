using System.CommandLine;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary><c>--tf32</c>: matrix products on a GPU's tensor cores, ours and those of cuBLAS.</summary>
internal static partial class Tf32Option
{
    internal static Option<bool> Create() => new("--tf32") { Description = "Matrix products may round their factors to tf32, for the tensor cores of an NVIDIA GPU." };

    /// <summary>Allows it for the rest of the process.</summary>
    /// <exception cref="UsageException">The device is no NVIDIA GPU.</exception>
    internal static void Allow(Backend backend)
    {
        var allowed = false;
        AllowOnGpu(backend, ref allowed);
        if (!allowed)
            throw new UsageException($"--tf32 is for NVIDIA GPUs, and the device is {backend.Device}. Use --device cuda.");
    }

    // Left out of a build without GPU kernels.
    static partial void AllowOnGpu(Backend backend, ref bool allowed);
}
