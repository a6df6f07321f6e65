using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>Accelerators in the host's memory: for tests of what surrounds the kernels, on machines without a GPU too.</summary>
internal static class HostAccelerator
{
    private static readonly Context Shared = NewContext();

    internal static Device Device { get; } = new(DeviceKind.OpenCl, 9);

    internal static Accelerator New(Context? context = null) =>
        (context ?? Shared).GetCPUDevice(0).CreateCPUAccelerator(context ?? Shared);

    internal static GpuBackend NewBackend(Context? context = null) => new(Device, New(context));

    /// <summary>A context for one test alone: after a kernel that does not compile, ILGPU compiles no other one there.</summary>
    internal static Context NewContext() => GpuContext.Create(static b => b.CPU(new CPUDevice(32, 8, 1)));
}
