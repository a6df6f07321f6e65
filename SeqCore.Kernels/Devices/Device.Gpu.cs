using System.Runtime.CompilerServices;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SeqCore.Kernels;

namespace SeqCore;

public sealed partial record Device
{
    /// <summary>The oldest GPUs that the kernels are compiled for; asynchronous copies and tf32 tensor cores need 8.0.</summary>
    /// <remarks>A property, since a field would load ILGPU with this type, on the CPU too.</remarks>
    private static CudaArchitecture OldestArchitecture => CudaArchitecture.SM_60;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ListGpus(List<DeviceInfo> list)
    {
        var found = list.Count;
        foreach (var device in GpuContext.Cuda.GetCudaDevices())
        {
            list.Add(new DeviceInfo(new Device(DeviceKind.Cuda, list.Count - found),
                $"{device.Name}, {device.NumMultiprocessors} multiprocessors, compute capability {device.Architecture},"
                    + $" driver for CUDA {device.DriverVersion}",
                device.MemorySize, WhyNot(device.Architecture, device.InstructionSet)));
        }

        if (list.Count == found)
            list.Add(new DeviceInfo(new Device(DeviceKind.Cuda), "NVIDIA GPU", null, WhyNoCuda()));
        found = list.Count;
        foreach (var device in GpuContext.OpenCl.GetCLDevices())
        {
            list.Add(new DeviceInfo(new Device(DeviceKind.OpenCl, list.Count - found),
                $"{device.Name}, {device.NumMultiprocessors} compute units, {device.PlatformName}, {device.DeviceVersion}",
                device.MemorySize, WhyNot(device)));
        }

        if (list.Count == found)
            list.Add(new DeviceInfo(new Device(DeviceKind.OpenCl), "OpenCL device", null, WhyNoOpenCl()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private GpuBackend CreateGpu()
    {
        var list = new List<DeviceInfo>();
        ListGpus(list);
        var info = list.Find(i => i.Device == this);
        if (info is not { UnusableReason: null })
        {
            var reason = info?.UnusableReason ?? list.Find(i => i.Device.Kind == Kind && i.Memory is null)?.UnusableReason
                ?? "there is no such device.";
            var others = string.Concat(list.Where(i => i.UnusableReason is null).Select(i => $", or {i.Device}"));
            throw new NotSupportedException($"{this}: {reason} Use the cpu device{others}.");
        }

        try
        {
            Accelerator accelerator = Kind == DeviceKind.Cuda
                ? GpuContext.Cuda.GetCudaDevices()[Index].CreateCudaAccelerator(GpuContext.Cuda)
                : GpuContext.OpenCl.GetCLDevices()[Index].CreateCLAccelerator(GpuContext.OpenCl);
            return new GpuBackend(this, accelerator);
        }
        catch (AcceleratorException exception)
        {
            throw new DeviceException(this, $"{this} was found but did not start: {exception.Message}. "
                + "Is another program using it exclusively?", exception);
        }
    }

    /// <summary>Returns why an NVIDIA GPU cannot be used, or null if it can.</summary>
    internal static string? WhyNot(CudaArchitecture? architecture, CudaInstructionSet? instructions) =>
        (architecture, instructions) switch
        {
            (null, _) or (_, null) => "its driver is too old for ILGPU. Install a newer NVIDIA driver (CUDA 11.0 or later).",
            _ when architecture < OldestArchitecture => $"its compute capability {architecture} is below {OldestArchitecture}.",
            _ => null,
        };

    private static string? WhyNot(CLDevice device) => WhyNot(
        device.CLStdVersion,
        device.Capabilities.GenericAddressSpace,
        device.MaxNumThreadsPerGroup,
        device.MaxSharedMemoryPerGroup);

    /// <summary>Returns why an OpenCL device cannot be used, or null if it can.</summary>
    internal static string? WhyNot(CLCVersion version, bool hasGenericAddresses, int threads, int localBytes) => version switch
    {
        _ when version < CLBackend.MinimumVersion =>
            $"it supports OpenCL {version}; the kernels need {CLBackend.MinimumVersion}. Is there a newer driver?",
        _ when !hasGenericAddresses =>
            "it lacks the generic address space, an optional part of OpenCL 3.0 that the kernels need. Is there a newer driver?",
        _ when threads < IGpuKernel.MostThreads =>
            $"its work-groups have at most {threads} work-items; the kernels need {IGpuKernel.MostThreads}.",
        _ when localBytes < IGpuKernel.MostSharedBytes =>
            $"its work-groups have {localBytes} bytes of local memory; the kernels need {IGpuKernel.MostSharedBytes}.",
        _ => null,
    };

    private static string WhyNoCuda() => DriverProbe.WhyNoCuda(DriverProbe.Cuda);

    private static string WhyNoOpenCl() => DriverProbe.WhyNoOpenCl(DriverProbe.OpenCl);
}
