using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Makes layouts and the texts of their sizes.</summary>
internal static class Layouts
{
    /// <summary>Returns the text of sizes, for example 37 x 101.</summary>
    internal static string Sizes(params ReadOnlySpan<int> sizes) => string.Join(" x ", sizes.ToArray());

    /// <summary>Returns the number of elements.</summary>
    internal static int Count(params ReadOnlySpan<int> sizes)
    {
        var count = 1;
        foreach (var size in sizes)
            count *= size;
        return count;
    }

    /// <summary>Views a run as row-major, without gaps.</summary>
    internal static StridedSpan Dense(DeviceSpan<float> data, params ReadOnlySpan<int> sizes) =>
        new(data, Layout.Contiguous(sizes));

    /// <summary>Views a run with the given strides.</summary>
    internal static StridedSpan Strided(DeviceSpan<float> data, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides) =>
        new(data, new Layout(sizes, strides));

    /// <summary>Returns the number of bytes of floats.</summary>
    internal static double Floats(double count) => sizeof(float) * count;
}
