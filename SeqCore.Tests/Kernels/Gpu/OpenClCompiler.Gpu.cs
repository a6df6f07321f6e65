using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// Compiles kernels to OpenCL C without a device. It holds what ILGPU keeps of each kernel, some 5 MB, until it is disposed.
/// </summary>
internal sealed class OpenClCompiler : IDisposable
{
    private static readonly MethodInfo Description =
        typeof(KernelCache).GetMethod(nameof(KernelCache.Describe), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static readonly PropertyInfo EntryPoint = typeof(CLCompiledKernel).GetProperty(
        "EntryPoint", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)!;

    private readonly ILGPU.Context context = GpuContext.Create(_ => { });

    public void Dispose() => context.Dispose();

    /// <summary>The text that ILGPU writes, and the bytes of shared memory that it declares.</summary>
    internal (string Source, int SharedBytes) Compile(Type kernel)
    {
        var described = Description.MakeGenericMethod(kernel).Invoke(null, null)!;
        var (entry, bounds) = ((EntryPointDescription, ILGPU.Runtime.KernelSpecialization))described;
        var capabilities = new CLCapabilityContext(
            float16: true, float64: true, genericAddressSpace: true, int64_Atomics: true, subGroups: false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, CLCVersion.CL30);
        var compiled = (CLCompiledKernel)backend.Compile(entry, bounds);
        return (compiled.Source, ((SeparateViewEntryPoint)EntryPoint.GetValue(compiled)!).SharedMemory.StaticSize);
    }
}
