using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// A kernel like <see cref="IGpuKernel"/> that is compiled twice: for operands that are aligned to 16 bytes, and for any
/// operands.
/// </summary>
internal interface IFloat4Kernel
{
    /// <summary>Runs one thread.</summary>
    void Run<TAccess>() where TAccess : struct, IFloat4Access;

    /// <summary>The number of threads in a group.</summary>
    static virtual int GroupSize => IGpuKernel.MostThreads;

    /// <summary>See <see cref="IGpuKernel.GroupsPerMultiprocessor"/>.</summary>
    static virtual int GroupsPerMultiprocessor => 0;

    /// <summary>See <see cref="IGpuKernel.TakesLargeSharedMemory"/>.</summary>
    static virtual bool TakesLargeSharedMemory => false;
}

/// <summary>A kernel for aligned or for unaligned operands.</summary>
internal readonly struct Float4Kernel<TKernel, TAccess>(TKernel kernel) : IGpuKernel
    where TKernel : struct, IFloat4Kernel
    where TAccess : struct, IFloat4Access
{
    private readonly TKernel kernel = kernel;

    public static int GroupSize => TKernel.GroupSize;

    public static int GroupsPerMultiprocessor => TKernel.GroupsPerMultiprocessor;

    public static bool TakesLargeSharedMemory => TKernel.TakesLargeSharedMemory;

    public void Run() => kernel.Run<TAccess>();
}

public sealed partial class GpuBackend
{
    /// <summary>
    /// Queues the version of a kernel for aligned operands if they are aligned, otherwise the version for any operands.
    /// </summary>
    private void LaunchAligned<TKernel>(in TKernel kernel, bool isAligned, Index3D groups,
        [CallerMemberName] string operation = "")
        where TKernel : struct, IFloat4Kernel
    {
        if (isAligned)
            Launch(new Float4Kernel<TKernel, AlignedFloat4>(kernel), groups, operation: operation);
        else
            Launch(new Float4Kernel<TKernel, UnalignedFloat4>(kernel), groups, operation: operation);
    }

    private void LaunchAligned<TKernel>(in TKernel kernel, bool isAligned, int groups, [CallerMemberName] string operation = "")
        where TKernel : struct, IFloat4Kernel => LaunchAligned(kernel, isAligned, new Index3D(groups, 1, 1), operation);
}
