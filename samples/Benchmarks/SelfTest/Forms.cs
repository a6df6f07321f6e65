using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Layouts and their names.</summary>
internal static class Forms
{
    /// <summary>For example 37 x 101.</summary>
    internal static string Sizes(params ReadOnlySpan<int> sizes) => string.Join(" x ", sizes.ToArray());

    /// <summary>Elements of sizes.</summary>
    internal static int Count(params ReadOnlySpan<int> sizes)
    {
        var count = 1;
        foreach (var size in sizes)
            count *= size;
        return count;
    }

    /// <summary>A run seen row-major, without gaps.</summary>
    internal static StridedSpan Dense(DeviceSpan<float> data, params ReadOnlySpan<int> sizes) =>
        new(data, Layout.Contiguous(sizes));

    /// <summary>A run seen with given strides.</summary>
    internal static StridedSpan Strided(DeviceSpan<float> data, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides) =>
        new(data, new Layout(sizes, strides));

    /// <summary>Bytes of floats.</summary>
    internal static double Floats(double count) => sizeof(float) * count;
}
