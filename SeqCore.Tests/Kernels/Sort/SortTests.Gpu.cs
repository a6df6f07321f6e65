using SeqCore.Kernels;
using SeqCore.Kernels.Sort;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Sort;

[Collection(GpuCollection.Name)]
public class SortGpuTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 33)]
    [InlineData(2, 257)]
    [InlineData(1, 1025)]
    [InlineData(3, 1100)]
    public void Devices_sort_alike(int rows, int columns)
    {
        // Rounded, so that many are equal.
        var x = Array.ConvertAll(Numbers.Normal(rows * columns, columns), v => MathF.Round(v * 8) / 8);
        float[] awkward = [-0f, float.NaN, 0f, float.PositiveInfinity, -float.NaN, float.NegativeInfinity, 1e-40f, -1e-40f];
        for (var i = 3; i < x.Length; i += 11)
            x[i] = awkward[i % awkward.Length];
        var random = new Random(columns);
        int[] integers = [.. Enumerable.Range(0, x.Length).Select(i => i % 3 == 0 ? random.Next(-3, 3) : random.Next() << i)];
        (integers[0], integers[^1]) = (int.MaxValue, int.MinValue);
        using var pair = new DevicePair();
        foreach (var descending in (bool[])[false, true])
        {
            DevicePair.Operand from = pair.Put(x), values = pair.Output(x.Length);
            DevicePair.Indices indices = pair.PutIndices(new int[x.Length]), whole = pair.PutIndices(integers),
                sorted = pair.PutIndices(new int[x.Length]), places = pair.PutIndices(new int[x.Length]);
            pair.Run((backend, at) =>
            {
                backend.Sort(at[from], at[values], at[indices], rows, columns, descending);
                backend.Sort(at[whole], at[sorted], at[places], rows, columns, descending);
            });
            pair.ShouldAgree(indices, $"({rows}, {columns})");
            pair.ShouldAgree(values, 0, 0, $"({rows}, {columns})");
            pair.ShouldAgree(places, $"integers ({rows}, {columns})");
            pair.ShouldAgree(sorted, $"integers ({rows}, {columns})");
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1100)]
    public void Values_may_be_left_out(int columns)
    {
        using var pair = new DevicePair();
        var x = pair.Put(Numbers.Normal(columns, 1));
        var indices = pair.PutIndices(new int[columns]);
        pair.Run((backend, at) => backend.Sort(at[x], default, at[indices], 1, columns));
        pair.ShouldAgree(indices);
    }

    [Fact]
    public void Only_sizes_at_the_end_of_the_range_are_refused()
    {
        GpuBackend.SortTiles("Sort", 715_827_883).Should().Be(2_796_203);
        GpuBackend.SortTiles("Sort", int.MaxValue - 255).Should().Be((1 << 23) - 1);
        FluentActions.Invoking(() => GpuBackend.SortTiles("Sort", int.MaxValue - 254)).Should().Throw<SizeLimitException>();
    }

    [Fact]
    public void Nothing_is_in_local_memory()
    {
        foreach (var kernel in (Type[])[typeof(RankGpuKernel), typeof(SortKeysGpuKernel), typeof(RowNumbersGpuKernel),
            typeof(SortedGpuKernel)])
            PtxCompiler.Ptx(kernel).Should().NotContain(".local");
    }
}
