using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>How a thread reads and writes four floats; the choice for an <see cref="IFloat4Kernel"/>.</summary>
internal interface IFloat4Access
{
    /// <summary>Whether the four are neighbours in one instruction.</summary>
    static abstract bool IsAligned { get; }

    /// <summary>Reads the four floats that begin at an element.</summary>
    /// <param name="from">The memory.</param>
    /// <param name="at">The first element.</param>
    /// <param name="step">Elements from one of the four to the next, where they need not be neighbours.</param>
    /// <param name="left">How many elements there are from the first one on; of aligned ones a multiple of 4.</param>
    /// <param name="beyond">The value of those beyond.</param>
    static abstract Float4 Load(ArrayView<float> from, int at, int step, int left, float beyond);

    /// <summary>Writes what <see cref="Load"/> reads, except what lies beyond.</summary>
    static abstract void Store(Float4 values, ArrayView<float> to, int at, int step, int left);
}

/// <summary>Four neighbours at once: all runs start at multiples of 16 bytes and are multiples of four floats long.</summary>
internal readonly struct AlignedFloat4 : IFloat4Access
{
    public static bool IsAligned => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, int at, int step, int left, float beyond) =>
        left > 0 ? Float4.Cast(from)[at >> 2] : new(beyond, beyond, beyond, beyond);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float4 values, ArrayView<float> to, int at, int step, int left)
    {
        if (left > 0)
            Float4.Cast(to)[at >> 2] = values;
    }
}

/// <summary>One float at a time, wherever a run starts.</summary>
internal readonly struct UnalignedFloat4 : IFloat4Access
{
    public static bool IsAligned => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float4 Load(ArrayView<float> from, int at, int step, int left, float beyond) => new(
        0 < left ? from[at] : beyond,
        step < left ? from[at + step] : beyond,
        2 * step < left ? from[at + 2 * step] : beyond,
        3 * step < left ? from[at + 3 * step] : beyond);

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
