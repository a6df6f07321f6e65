using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Strided;

/// <summary>Operands with random sizes, axis orders, gaps and broadcasts, and their elements by coordinates.</summary>
internal sealed class RandomLayout(int seed, int maxRank = 4, int maxSize = 9)
{
    private readonly Random random = new(seed);

    internal int[] Sizes()
    {
        var sizes = new int[random.Next(maxRank + 1)];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = random.Next(8) == 0 ? random.Next(60, 300) : random.Next(1, maxSize);
        return sizes;
    }

    /// <summary>An operand in new memory filled with numbers in [-2, 2).</summary>
    internal StridedSpan Operand(CpuBackend backend, int[] sizes, bool broadcasts)
    {
        var order = Enumerable.Range(0, sizes.Length).ToArray();
        if (random.Next(2) == 0)
            random.Shuffle(order);
        var strides = new int[sizes.Length];
        var stride = random.Next(3) == 0 ? 2 : 1;
        foreach (var axis in order.Reverse())
        {
            if (broadcasts && random.Next(4) == 0)
                continue;
            strides[axis] = stride;
            stride = stride * sizes[axis] + (random.Next(3) == 0 ? 3 : 0);
        }

        var offset = random.Next(4);
        var buffer = backend.Rent((offset + stride) * 4L);
        var data = new DeviceSpan<float>(buffer, offset, stride);
        foreach (ref var value in data.AsHostSpan())
            value = random.NextSingle() * 4 - 2;
        return new StridedSpan(data, new Layout(sizes, strides));
    }

    /// <summary>The elements in row-major order of their coordinates.</summary>
    internal static float[] Elements(StridedSpan span)
    {
        var values = new float[span.Layout.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = span.Data.AsHostSpan()[Offset(span.Layout, i)];
        return values;
    }

    internal static int Offset(Layout layout, int element)
    {
        var offset = 0;
        for (var axis = layout.Rank - 1; axis >= 0; axis--)
        {
            (element, var index) = Math.DivRem(element, layout.Size(axis));
            offset += index * layout.Stride(axis);
        }

        return offset;
    }
}
