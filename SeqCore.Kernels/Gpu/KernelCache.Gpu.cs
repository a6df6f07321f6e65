using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SeqCore.Kernels;

/// <summary>Compiles each kind of kernel at its first use on a device, and keeps it.</summary>
internal partial class KernelCache(Accelerator accelerator) : IDisposable
{
    private readonly Dictionary<Type, (IDisposable Kernel, Delegate Launcher)> loaded = [];

    internal Action<AcceleratorStream, KernelConfig, TKernel> Get<TKernel>() where TKernel : struct, IGpuKernel
    {
        if (!loaded.TryGetValue(typeof(TKernel), out var entry))
            loaded[typeof(TKernel)] = entry = Load<TKernel>();
        return (Action<AcceleratorStream, KernelConfig, TKernel>)entry.Launcher;
    }

    /// <summary>What a kernel is compiled from: its entry point and its bounds.</summary>
    internal static (EntryPointDescription Entry, KernelSpecialization Bounds) Describe<TKernel>()
        where TKernel : struct, IGpuKernel => (
            EntryPointDescription.FromExplicitlyGroupedKernel(((Action<TKernel>)Entry).Method),
            new KernelSpecialization(TKernel.GroupSize,
                TKernel.GroupsPerMultiprocessor == 0 ? null : TKernel.GroupsPerMultiprocessor));

    /// <summary>The PTX of a kernel as the driver gets it.</summary>
    internal static string Ptx<TKernel>(PTXBackend backend) where TKernel : struct, IGpuKernel
    {
        var (entry, bounds) = Describe<TKernel>();
        return AllowUnrolling(((PTXCompiledKernel)backend.Compile(entry, bounds)).PTXAssembly);
    }

    /// <summary>A kernel's name with those of its type arguments.</summary>
    internal static string Name<TKernel>() => Name(typeof(TKernel));

    public void Dispose()
    {
        foreach (var (kernel, _) in loaded.Values)
            DeviceCleanup.Run(kernel.Dispose);
        loaded.Clear();
    }

    /// <summary>Compiles a kernel and makes what launches it.</summary>
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
    /// Takes the mark of uniformity off conditional branches: the assembler unrolls loops of constant length only where their
    /// branch does not carry it.
    /// </summary>
    private static string AllowUnrolling(string ptx) => UniformBranch().Replace(ptx, "$1");

    /// <summary>ILGPU's barriers order global memory only; the kernels use them for shared memory.</summary>
    /// <exception cref="NotSupportedException">A barrier is written in another way and would stay without the fence.</exception>
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
