using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SeqCore.Kernels;

/// <summary>The one ILGPU context for each kind of device in this process.</summary>
internal static class GpuContext
{
    /// <summary>The version of ILGPU that the kernels were written for.</summary>
    internal const string Version = "1.5.3";

    private static readonly Lazy<Context> LazyCuda = new(() => Create(static b => b.Cuda()));
    private static readonly Lazy<Context> LazyOpenCl = new(() => Create(static b => b.OpenCL(static _ => true)));

    static GpuContext() => ResolveNumberedNames(typeof(Context).Assembly);

    internal static Context Cuda => LazyCuda.Value;

    internal static Context OpenCl => LazyOpenCl.Value;

    /// <summary>
    /// Makes a context with all settings that the kernels rely on, for the given devices, or without devices to compile only.
    /// </summary>
    internal static Context Create(Action<Context.Builder> devices) => Context.Create(builder =>
    {
        // O1 would emit generic loads and stores where O2 knows that the memory is global.
        builder.Optimize(OptimizationLevel.O2).EnableAlgorithms();
        GpuIntrinsics.Register(builder);
        devices(builder);
    });

    /// <summary>
    /// ILGPU loads libcuda.so and libOpenCL.so, but machines without development packages have the numbered names only. An
    /// assembly has one resolver: if the program has set its own for ILGPU, that one has to find the libraries.
    /// </summary>
    /// <returns>Whether the resolver was set.</returns>
    internal static bool ResolveNumberedNames(Assembly ilgpu)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(ilgpu, static (name, _, _) => name switch
            {
                "cuda" => TryLoad("libcuda.so.1"),
                "OpenCL" => TryLoad("libOpenCL.so.1"),
                _ => 0,
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static nint TryLoad(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;
}
