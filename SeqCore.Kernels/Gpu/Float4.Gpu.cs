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

    /// <summary>Casts a view whose memory is aligned to 16 bytes to Float4, in a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> Cast(ArrayView<float> view) => view.AsAligned(16).Cast<Float4>();

    /// <summary>Returns whether all runs start at multiples of 16 bytes; absent runs are ignored.</summary>
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

    /// <summary>Returns the view from a position on, in a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ArrayView<Float4> From(ArrayView<Float4> view, int place) => view.SubView(place, view.IntLength - place);

    /// <summary>Returns the sum plus the dot product of x and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot(Float4 x, Float4 y, float sum) => GpuIntrinsics.FusedMultiplyAdd(x.W, y.W,
        GpuIntrinsics.FusedMultiplyAdd(x.Z, y.Z,
            GpuIntrinsics.FusedMultiplyAdd(x.Y, y.Y, GpuIntrinsics.FusedMultiplyAdd(x.X, y.X, sum))));

    /// <summary>Returns w x + sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 MultiplyAdd(float w, Float4 x, Float4 sum) => MultiplyAdd(new Float4(w, w, w, w), x, sum);

    /// <summary>Returns w x + sum, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 MultiplyAdd(Float4 w, Float4 x, Float4 sum) => new(
        GpuIntrinsics.FusedMultiplyAdd(w.X, x.X, sum.X),
        GpuIntrinsics.FusedMultiplyAdd(w.Y, x.Y, sum.Y),
        GpuIntrinsics.FusedMultiplyAdd(w.Z, x.Z, sum.Z),
        GpuIntrinsics.FusedMultiplyAdd(w.W, x.W, sum.W));

    /// <summary>Returns w x, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Multiply(Float4 w, Float4 x) => new(w.X * x.X, w.Y * x.Y, w.Z * x.Z, w.W * x.W);

    /// <summary>Returns w x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Scale(float w, Float4 x) => new(w * x.X, w * x.Y, w * x.Z, w * x.W);

    /// <summary>Returns x or y, chosen for each register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float4 Choose(bool first, Float4 x, Float4 y) =>
        new(first ? x.X : y.X, first ? x.Y : y.Y, first ? x.Z : y.Z, first ? x.W : y.W);
}
