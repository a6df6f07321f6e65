using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu.Ptx;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// The GPU that the tests of kernels run on: the default device where <see cref="TestDevice"/> made it one, else the
/// first that can be used.
/// </summary>
internal static class TestGpu
{
    private static readonly Lazy<(GpuBackend? Backend, string Reason)> Found = new(Find);

    /// <summary>The backend, shared by all tests; where there is none, the test that asks is skipped and says why.</summary>
    internal static GpuBackend Backend
    {
        get
        {
            if (Found.Value.Backend is null)
                Assert.Skip(Found.Value.Reason);
            return Found.Value.Backend!;
        }
    }

    /// <summary>
    /// Whether kernels run on the <see cref="PtxMachine"/>, which SEQCORE_TEST_GPU=ptx requests: the version for CUDA of
    /// them, without a GPU.
    /// </summary>
    internal static bool IsPtxMachine { get; } = Environment.GetEnvironmentVariable("SEQCORE_TEST_GPU") == "ptx";

    private static (GpuBackend?, string) Find()
    {
        if (SeqCore.Kernels.Backend.Default is GpuBackend chosen)
            return (chosen, "");
        if (IsPtxMachine)
            return (PtxKernels.Backend, "");
        var gpus = Device.List().Where(i => i.Device.Kind != DeviceKind.Cpu).ToList();
        var device = gpus.Find(i => i.UnusableReason is null)?.Device;
        return device is null
            ? (null, "no GPU: " + string.Join(" ", gpus.Select(i => $"{i.Device}: {i.UnusableReason}")))
            : ((GpuBackend)device.CreateBackend(), "");
    }
}
