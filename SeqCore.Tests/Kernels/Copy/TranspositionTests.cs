using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Copy;

public class TranspositionTests
{
    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(1, 8, 9)]
    [InlineData(2, 17, 65)]
    [InlineData(3, 130, 257)]
    [InlineData(1, 512, 300)]
    public void Transposed_copies_agree_with_their_definition(int matrices, int rows, int columns)
    {
        using var backend = new CpuBackend(2);
        var count = matrices * rows * columns;
        var from = new DeviceSpan<float>(backend.Rent(count * 4L), 0, count);
        var to = new DeviceSpan<float>(backend.Rent(count * 4L), 0, count);
        for (var i = 0; i < count; i++)
            from.AsHostSpan()[i] = i;
        int[] sizes = [matrices, columns, rows];
        backend.Copy(new StridedSpan(from, new Layout(sizes, [rows * columns, 1, columns])),
            new StridedSpan(to, Layout.Contiguous(sizes)));
        var expected = from k in Enumerable.Range(0, matrices)
                       from j in Enumerable.Range(0, columns)
                       from i in Enumerable.Range(0, rows)
                       select (float)(k * rows * columns + i * columns + j);
        to.AsHostSpan().ToArray().Should().Equal(expected);
    }
}
