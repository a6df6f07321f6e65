using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>The way in which a thread of an <see cref="IFloat4Kernel"/> reads and writes four floats.</summary>
internal interface IFloat4Access
{
    /// <summary>Whether one instruction accesses four neighbours.</summary>
    static abstract bool IsAligned { get; }

    /// <summary>Reads the four floats that start at an element.</summary>
    /// <param name="from">The memory.</param>
    /// <param name="at">The first element.</param>
    /// <param name="step">The distance between two of the four elements if they need not be neighbours.</param>
    /// <param name="left">The number of elements from the first one on; a multiple of 4 if aligned.</param>
    /// <param name="padding">The value of elements past the end.</param>
    static abstract Float4 Load(ArrayView<float> from, int at, int step, int left, float padding);

    /// <summary>Writes the elements that <see cref="Load"/> reads, except those past the end.</summary>
    static abstract void Store(Float4 values, ArrayView<float> to, int at, int step, int left);
}

/// <summary>
/// Accesses four neighbours at once; all runs start at multiples of 16 bytes, and their lengths are multiples of four.
/// </summary>
internal readonly struct AlignedFloat4 : IFloat4Access
{
    public static bool IsAligned => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, int at, int step, int left, float padding) =>
        left > 0 ? Float4.Cast(from)[at >> 2] : new(padding, padding, padding, padding);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, int at, int step, int left)
    {
        if (left > 0)
            Float4.Cast(to)[at >> 2] = values;
    }
}

/// <summary>Accesses one float at a time, in runs of any alignment.</summary>
internal readonly struct UnalignedFloat4 : IFloat4Access
{
    public static bool IsAligned => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, int at, int step, int left, float padding) => new(
        0 < left ? from[at] : padding,
        step < left ? from[at + step] : padding,
        2 * step < left ? from[at + 2 * step] : padding,
        3 * step < left ? from[at + 3 * step] : padding);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, int at, int step, int left)
    {
        if (0 < left)
            to[at] = values.X;
        if (step < left)
            to[at + step] = values.Y;
        if (2 * step < left)
            to[at + 2 * step] = values.Z;
        if (3 * step < left)
            to[at + 3 * step] = values.W;
    }
}
