using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>Compiles kernels to OpenCL C without a device.</summary>
internal static class OpenClCompiler
{
    private static readonly ILGPU.Context Context = GpuContext.Create(_ => { });
    private static readonly Lock Gate = new();
    private static readonly MethodInfo Description =
        typeof(KernelCache).GetMethod(nameof(KernelCache.Describe), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static readonly PropertyInfo EntryPoint = typeof(CLCompiledKernel).GetProperty(
        "EntryPoint", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!;

    /// <summary>The text that ILGPU writes, and the bytes of shared memory that it declares.</summary>
    internal static (string Source, int SharedBytes) Compile(Type kernel)
    {
        var described = Description.MakeGenericMethod(kernel).Invoke(null, null)!;
        var (entry, bounds) = ((EntryPointDescription, ILGPU.Runtime.KernelSpecialization))described;
        lock (Gate)
        {
            var capabilities = new CLCapabilityContext(
                float16: true, float64: true, genericAddressSpace: true, int64_Atomics: true, subGroups: false);
            using var backend = new CLBackend(Context, capabilities, CLDeviceVendor.Other, CLCVersion.CL30);
            var compiled = (CLCompiledKernel)backend.Compile(entry, bounds);
            return (compiled.Source, ((SeparateViewEntryPoint)EntryPoint.GetValue(compiled)!).SharedMemory.StaticSize);
        }
    }
}
