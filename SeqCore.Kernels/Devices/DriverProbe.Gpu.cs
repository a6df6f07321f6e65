using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>
/// Asks the driver's library why no device can be used, since ILGPU reports all failures alike. It calls the function that starts
/// the driver and includes the error code in the reason.
/// </summary>
internal static unsafe class DriverProbe
{
    /// <summary>The library of the NVIDIA driver, or null if it cannot be loaded.</summary>
    internal static DriverLibrary? Cuda =>
        DriverLibrary.Find(OperatingSystem.IsWindows() ? ["nvcuda"] : ["libcuda.so.1", "libcuda.so"]);

    /// <summary>The loader of OpenCL drivers, or null if it cannot be loaded.</summary>
    internal static DriverLibrary? OpenCl => DriverLibrary.Find(
        OperatingSystem.IsWindows() ? ["OpenCL"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"]);

    /// <summary>Returns why no NVIDIA GPU can be used, as one or more sentences.</summary>
    internal static string WhyNoCuda(DriverLibrary? library)
    {
        if (library is null)
        {
            return "there is no NVIDIA driver on this machine: "
                + "its library (libcuda.so.1, on Windows nvcuda.dll) was not found or does not load.";
        }

        var start = library.Function("cuInit");
        if (start == 0)
            return $"{library.Name} was found, but it has no function cuInit. Is it an NVIDIA driver?";
        var error = ((delegate* unmanaged<uint, int>)start)(0);
        return error == 0
            ? $"{library.Name} was found and starts, but it offers no NVIDIA GPU to ILGPU. Does nvidia-smi list one?"
            : $"{library.Name} was found, but cuInit returned {error}{AdviceForCuda(error)}";
    }

    /// <summary>Returns why no OpenCL device can be used, as one or more sentences.</summary>
    internal static string WhyNoOpenCl(DriverLibrary? library)
    {
        if (library is null)
        {
            return "there is no OpenCL on this machine: "
                + "its loader (libOpenCL.so.1, on Windows OpenCL.dll) was not found or does not load.";
        }

        var ask = library.Function("clGetPlatformIDs");
        if (ask == 0)
            return $"{library.Name} was found, but it has no function clGetPlatformIDs. Is it an OpenCL loader?";
        var platforms = 0u;
        var error = ((delegate* unmanaged<uint, nint*, uint*, int>)ask)(0, null, &platforms);
        return $"{library.Name} was found, but " + (error, platforms) switch
        {
            (-1001, _) => "clGetPlatformIDs returned -1001: no OpenCL driver is registered with it. Install the one of your "
                + "device; on Linux, also in a container, a file in /etc/OpenCL/vendors names it.",
            (not 0, _) => $"clGetPlatformIDs returned {error}. Does clinfo work?",
            (_, 0) => "it knows no OpenCL driver. Install the one of your device.",
            _ => $"none of the OpenCL drivers that it knows ({platforms}) offers a device to ILGPU. Does clinfo list one?",
        };
    }

    // The names are those of CUresult in cuda.h.
    private static string AdviceForCuda(int error) => error switch
    {
        100 => " (CUDA_ERROR_NO_DEVICE): it sees no GPU. Start a container with --gpus all, "
            + "and check that CUDA_VISIBLE_DEVICES, if it is set, names a GPU.",
        802 => " (CUDA_ERROR_SYSTEM_NOT_READY): the GPUs are not set up yet. "
            + "On a machine with NVSwitch, start the service nvidia-fabricmanager.",
        803 => " (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH): this library and the driver in the kernel have different versions, "
            + "as after an update. Restart the machine.",
        804 => " (CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE): this library comes from the package cuda-compat, which the GPU "
            + "does not support. Take its folder out of LD_LIBRARY_PATH, or install a newer driver.",
        999 => " (CUDA_ERROR_UNKNOWN): the driver gives no reason. Often the module nvidia_uvm is not loaded, as after the "
            + "machine has slept: run 'modprobe nvidia_uvm' as root, or restart the machine.",
        _ => ". Does nvidia-smi work?",
    };
}

/// <summary>A native library whose functions are looked up by name.</summary>
/// <param name="Name">The name under which it was loaded.</param>
/// <param name="Function">Returns the address of a function, or 0 if there is none.</param>
internal sealed record DriverLibrary(string Name, Func<string, nint> Function)
{
    /// <summary>Loads the first of these libraries that can be loaded; returns null if none can.</summary>
    internal static DriverLibrary? Find(ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return new DriverLibrary(name, f => NativeLibrary.TryGetExport(handle, f, out var address) ? address : 0);
        }

        return null;
    }
}
