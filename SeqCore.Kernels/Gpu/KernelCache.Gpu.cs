using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SeqCore.Kernels;

/// <summary>Compiles each kernel on its first use on a device and caches it.</summary>
internal partial class KernelCache(Accelerator accelerator) : IDisposable
{
    private readonly Dictionary<Type, (IDisposable Kernel, Delegate Launcher)> loaded = [];

    internal Action<AcceleratorStream, KernelConfig, TKernel> Get<TKernel>() where TKernel : struct, IGpuKernel
    {
        if (!loaded.TryGetValue(typeof(TKernel), out var entry))
        {
            if (KernelLayout.Fault(typeof(TKernel)) is { } fault)
                throw new NotSupportedException(fault);
            loaded[typeof(TKernel)] = entry = Load<TKernel>();
        }

        return (Action<AcceleratorStream, KernelConfig, TKernel>)entry.Launcher;
    }

    /// <summary>Returns the input of a kernel's compilation: its entry point and its bounds.</summary>
    internal static (EntryPointDescription Entry, KernelSpecialization Bounds) Describe<TKernel>()
        where TKernel : struct, IGpuKernel => (
            EntryPointDescription.FromExplicitlyGroupedKernel(((Action<TKernel>)Entry).Method),
            new KernelSpecialization(TKernel.GroupSize,
                TKernel.GroupsPerMultiprocessor == 0 ? null : TKernel.GroupsPerMultiprocessor));

    /// <summary>Returns the PTX of a kernel as it is passed to the driver.</summary>
    internal static string Ptx<TKernel>(PTXBackend backend) where TKernel : struct, IGpuKernel
    {
        var (entry, bounds) = Describe<TKernel>();
        return AllowUnrolling(((PTXCompiledKernel)backend.Compile(entry, bounds)).PTXAssembly);
    }

    /// <summary>Returns a kernel's name with its type arguments.</summary>
    internal static string Name<TKernel>() => Name(typeof(TKernel));

    public void Dispose()
    {
        foreach (var (kernel, _) in loaded.Values)
            DeviceCleanup.Run(kernel.Dispose);
        loaded.Clear();
    }

    /// <summary>Compiles a kernel and makes its launcher.</summary>
    protected virtual (IDisposable Kernel, Delegate Launcher) Load<TKernel>() where TKernel : struct, IGpuKernel
    {
        var (entry, bounds) = Describe<TKernel>();
        var compiled = accelerator.CompileKernel(entry, bounds);
        if (compiled is PTXCompiledKernel ptx)
            Text(ptx) = AllowUnrolling(ptx.PTXAssembly);
        else if (compiled is CLCompiledKernel openCl)
            Text(openCl) = FenceSharedMemory(openCl.Source);
        var kernel = accelerator.LoadKernel(compiled);
        if (TKernel.TakesLargeSharedMemory && kernel is CudaKernel cuda)
            LargeSharedMemory.Allow((CudaAccelerator)accelerator, cuda);
        return (kernel, kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TKernel>>());
    }

    private static void Entry<TKernel>(TKernel kernel) where TKernel : struct, IGpuKernel => kernel.Run();

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    /// <summary>
    /// Removes the uniform modifier from conditional branches: the assembler unrolls loops of constant length only if their
    /// branch does not have it.
    /// </summary>
    private static string AllowUnrolling(string ptx) => UniformBranch().Replace(ptx, "$1");

    /// <summary>Adds a fence of shared memory to barriers: those of ILGPU order global memory only.</summary>
    /// <exception cref="NotSupportedException">A barrier has an unknown format and would remain without the fence.</exception>
    internal static string FenceSharedMemory(string source)
    {
        const string Local = "CLK_LOCAL_MEM_FENCE", Global = "CLK_GLOBAL_MEM_FENCE";
        var fenced = source.Replace($"( {Global} )", $"( {Local} | {Global} )", StringComparison.Ordinal);
        foreach (Match barrier in Barrier().Matches(fenced))
        {
            if (!barrier.Value.Contains(Local, StringComparison.Ordinal))
            {
                throw new NotSupportedException($"ILGPU wrote the barrier '{barrier.Value}', which does not order shared memory, "
                    + "and SeqCore does not know how to change it.");
            }
        }

        return fenced;
    }

    [GeneratedRegex(@"(@!?%p\d+ bra)\.uni")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"\b(work_group_)?barrier\b[^;]*")]
    private static partial Regex Barrier();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<PTXAssembly>k__BackingField")]
    private static extern ref string Text(PTXCompiledKernel kernel);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    private static extern ref string Text(CLCompiledKernel kernel);
}
