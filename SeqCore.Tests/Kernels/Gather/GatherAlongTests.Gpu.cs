using SeqCore.Kernels;
using SeqCore.Kernels.Gather;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Gather;

/// <summary>
/// Values that are moved are the same bits, and so are sums of few values on each line; sums of many are in another order.
/// </summary>
[Collection(GpuCollection.Name)]
public class GatherAlongGpuTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 4, 1)]
    [InlineData(3, 5, 7, 3)]
    [InlineData(2, 30, 64, 9)]
    [InlineData(1, 40, 500, 1)]
    [InlineData(2, 7, 65, 3)]
    [InlineData(5000, 3, 66, 1)]
    public void Devices_agree(int outer, int size, int count, int inner)
    {
        if (outer == 5000 && TestGpu.IsPtxMachine)
            (outer, count) = (4096, 2);
        using var pair = new DevicePair();
        var random = new Random(count);
        int length = outer * count * inner, lines = outer * inner;
        int[] values = [.. Enumerable.Range(0, length).Select(_ => random.Next(-size, size))];
        var indices = pair.PutIndices(values);
        var list = pair.PutIndices(values[..count]);
        Layout own = Layout.Contiguous([outer, count, inner]), shared = new([outer, count, inner], [0, 1, 0]),
            layout = Layout.Contiguous([outer, size, inner]);
        foreach (var (index, indexLayout) in ((DevicePair.Indices, Layout)[])[(indices, own), (list, shared)])
        {
            DevicePair.Operand x = pair.Put(Numbers.Normal(outer * size * inner, 1)),
                source = pair.Put(Numbers.Normal(length, 2)),
                sums = pair.Put(Numbers.Normal(outer * size * inner, 3)), y = pair.Output(length);
            pair.Run((backend, at) =>
            {
                var where = new StridedIndices(at[index], indexLayout);
                backend.GatherAlong(new StridedSpan(at[x], layout), 1, where, at[y]);
                backend.ScatterAlong(at[source], where, new StridedSpan(at[x], layout), 1);
                backend.ScatterAddAlong(at[source], where, new StridedSpan(at[sums], layout), 1);
            });
            var what = $"({outer}, {size}, {inner}), {count} indices";
            pair.ShouldAgree(y, 0, 0, what);
            pair.ShouldAgree(x, 0, 0, what);

            // Long lines are sorted and summed in parts.
            var isSorted = count > 64 && lines < 4096;
            pair.ShouldAgree(sums, isSorted ? 1e-6 : 0, isSorted ? 1e-7 * count : 0, what);
        }
    }

    [Fact]
    public void Strided_views_agree()
    {
        // Axes of memory (3, 5, 4) in the order 2, 0, 1; every second element along axis 1 of the view.
        var view = new Layout([4, 2, 5], [1, 40, 4]);
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(Numbers.Normal(3 * 5 * 4, 1)), source = pair.Put(Numbers.Normal(4 * 3 * 5, 2)),
            y = pair.Output(4 * 3 * 5);
        var indices = pair.PutIndices([.. Enumerable.Range(0, 60).Select(i => (i * i % 4) - 2)]);
        var layout = Layout.Contiguous([4, 3, 5]);
        pair.Run((backend, at) =>
        {
            backend.GatherAlong(new StridedSpan(at[x], view), 1, new StridedIndices(at[indices], layout), at[y]);
            backend.ScatterAddAlong(at[source], new StridedIndices(at[indices], layout), new StridedSpan(at[x], view), 1);
            backend.ScatterAlong(at[source].Slice(0, 20), new StridedIndices(at[indices].Slice(0, 20),
                Layout.Contiguous([4, 1, 5])), new StridedSpan(at[x], view), 1);
        });
        pair.ShouldAgree(y, 0, 0);
        pair.ShouldAgree(x, 0, 0);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(-5, 3)]
    [InlineData(-5, 100)]
    public void An_index_out_of_range_is_named_when_a_value_is_read_and_the_others_are_served(int bad, int count)
    {
        using var pair = new DevicePair();
        DevicePair.Operand table = pair.Put(0f, 1f, 2f, 3f), y = pair.Output(count),
            values = pair.Put([.. Enumerable.Range(10, count).Select(i => (float)i)]);
        int[] places = [.. Enumerable.Repeat(0, count)];
        (places[1], places[2]) = (bad, -1);
        var indices = new StridedIndices(pair.PutIndices(places).OnGpu, Layout.Contiguous([count]));
        var span = new StridedSpan(table.OnGpu, Layout.Contiguous([4]));
        var expected = $": the index at position 1 is {bad}; expected one of axis 0, in [-4, 4).";
        pair.Gpu.GatherAlong(span, 0, indices, y.OnGpu);
        FluentActions.Invoking(() => pair.Read(y)).Should().Throw<ArgumentException>().WithMessage("GatherAlong" + expected);
        pair.Read(y)[..3].Should().Equal(0f, float.NaN, 3f);
        pair.Gpu.ScatterAlong(values.OnGpu, indices, span, 0);
        FluentActions.Invoking(() => pair.Read(table)).Should().Throw<ArgumentException>().WithMessage("ScatterAlong" + expected);
        pair.Read(table).Should().Equal(count == 3 ? 10f : 9f + count, 1f, 2f, 12f);
        pair.Gpu.ScatterAddAlong(values.OnGpu, indices, span, 0);
        FluentActions.Invoking(() => pair.Read(table)).Should().Throw<ArgumentException>()
            .WithMessage("ScatterAddAlong" + expected);
        pair.Read(table)[1..].Should().Equal(1f, 2f, 24f);
    }

    [Fact]
    public void Nothing_is_in_local_memory_and_nothing_is_added_atomically()
    {
        foreach (var kernel in (Type[])[typeof(GatherAlongGpuKernel), typeof(ScatterAlongGpuKernel), typeof(PlacesGpuKernel),
            typeof(ScatterLastGpuKernel)])
            PtxCompiler.Ptx(kernel).Should().NotContain(".local").And.NotMatchRegex(@"(atom|red)\S*\.f32");
    }
}
