using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeqCore.Kernels;

/// <summary>
/// Chooses the widest vectors that the machine (or an environment variable such as DOTNET_EnableAVX512=0) allows.
/// </summary>
internal static class Simd
{
    /// <summary>The number of floats in the widest vector: 16, 8, 4 or 1.</summary>
    internal static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated
            ? 16
            : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;
    }

    internal static string Description => Width switch
    {
        16 => "512-bit vectors",
        8 => "256-bit vectors",
        4 => "128-bit vectors",
        _ => "no vectors",
    };

    /// <summary>Runs a kernel on the widest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<TKernel>(ref TKernel kernel) where TKernel : struct, ISimdKernel, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated)
            kernel.Invoke<Lane512>();
        else if (Vector256.IsHardwareAccelerated)
            kernel.Invoke<Lane256>();
        else if (Vector128.IsHardwareAccelerated)
            kernel.Invoke<Lane128>();
        else
            kernel.Invoke<LaneScalar>();
    }
}

/// <summary>A loop written once over a lane type.</summary>
internal interface ISimdKernel
{
    void Invoke<T>() where T : struct, IVectorLane<T>;
}

/// <summary>A region that threads share, written once over a lane type.</summary>
internal interface ISimdRegion
{
    /// <summary>One thread's part of the work; see <see cref="IRegion.Invoke"/>.</summary>
    void Invoke<T>(int thread, int threads, RegionBarrier barrier) where T : struct, IVectorLane<T>;
}

/// <summary>Runs such a region on the widest lane.</summary>
internal struct SimdRegion<TRegion>(TRegion region) : IRegion where TRegion : struct, ISimdRegion
{
    private TRegion region = region;

    public void Invoke(int thread, int threads, RegionBarrier barrier)
    {
        if (Vector512.IsHardwareAccelerated)
            region.Invoke<Lane512>(thread, threads, barrier);
        else if (Vector256.IsHardwareAccelerated)
            region.Invoke<Lane256>(thread, threads, barrier);
        else if (Vector128.IsHardwareAccelerated)
            region.Invoke<Lane128>(thread, threads, barrier);
        else
            region.Invoke<LaneScalar>(thread, threads, barrier);
    }
}
