using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>Four neighbouring floats, which a thread loads or stores in one instruction of 16 bytes.</summary>
internal struct Float4
{
    internal float X;
    internal float Y;
    internal float Z;
    internal float W;

    internal Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    /// <summary>For kernels: a view whose memory is aligned to 16 bytes, a Float4 at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> Cast(ArrayView<float> view) => view.AsAligned(16).Cast<Float4>();

    /// <summary>Returns whether all runs start at multiples of 16 bytes; absent ones do not matter.</summary>
    internal static bool AreAligned(params ReadOnlySpan<DeviceSpan<float>> runs)
    {
        foreach (var run in runs)
        {
            if (run.Offset % 4 != 0)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Returns whether each multiple of 4 of a run, counted along these strides and within lengths that are multiples of 4 too,
    /// is aligned to 16 bytes.
    /// </summary>
    internal static bool IsAligned(DeviceSpan<float> run, params ReadOnlySpan<int> strides)
    {
        foreach (var stride in strides)
        {
            if (stride % 4 != 0)
                return false;
        }

        return AreAligned(run);
    }
}
