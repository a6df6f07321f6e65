using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace SeqCore.Kernels;

/// <summary>Shared memory beyond the 48 KB that a CUDA kernel may have without asking.</summary>
internal static unsafe class LargeSharedMemory
{
    private const int MaxDynamicSharedBytes = 8;
    private const DeviceAttributeKind SharedBytesWhenAsked = (DeviceAttributeKind)97;

    private static readonly Lazy<nint> SetAttribute = new(static () =>
        NativeLibrary.GetExport(NativeLibrary.Load(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1"),
            "cuFuncSetAttribute"));

    /// <summary>Returns the largest shared memory of a group, in bytes.</summary>
    internal static int Most(CudaAccelerator accelerator) =>
        CudaAPI.CurrentAPI.GetDeviceAttribute(SharedBytesWhenAsked, accelerator.DeviceId);

    /// <summary>Allows a kernel to be launched with that much shared memory.</summary>
    internal static void Allow(CudaAccelerator accelerator, CudaKernel kernel)
    {
        var set = (delegate* unmanaged<nint, int, int, int>)SetAttribute.Value;
        var error = set(kernel.FunctionPtr, MaxDynamicSharedBytes, Most(accelerator));
        if (error != 0)
        {
            throw new NotSupportedException(
                $"the driver refuses {Most(accelerator)} bytes of shared memory (CUDA error {error})");
        }
    }
}
