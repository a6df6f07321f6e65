using SeqCore.Kernels;
using SeqCore.Kernels.Reduction;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Reduction;

[Collection(GpuCollection.Name)]
public class ProductReductionGpuTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 33)]
    [InlineData(70, 5)]
    [InlineData(9, 1025)]
    [InlineData(1, 20001)]
    public void Rows_columns_and_all_agree_with_the_CPU(int rows, int columns)
    {
        var random = new Random(columns);
        using var pair = new DevicePair();
        var x = pair.Put([.. Enumerable.Range(0, rows * columns)
            .Select(i => (i % 3 == 0 ? -1 : 1) * (1f + (random.NextSingle() - 0.5f) / 50))]);
        foreach (var reduced in (int[][])[[rows, 1], [1, columns], [1, 1]])
        {
            var y = pair.Output(reduced[0] * reduced[1]);
            pair.Run((b, of) => b.Reduce(ReductionKind.Product, new StridedSpan(of[x], Layout.Contiguous([rows, columns])),
                new StridedSpan(of[y], Layout.Contiguous(reduced))));

            // The two multiply in another order: a random walk of roundings.
            pair.ShouldAgree(y, 2.5e-7 * Math.Sqrt(16 + (double)rows * columns), 0, $"({rows}, {columns}) to"
                + $" ({string.Join(", ", reduced)})");
        }
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 64)]
    [InlineData(33, 70)]
    [InlineData(1, 9000)]
    public void Products_may_leave_the_range_of_floats_on_the_way(int rows, int columns)
    {
        using var pair = new DevicePair();
        foreach (var factor in (Func<int, float>[])[i => i == 0 ? 0f : 1e20f, i => i == columns - 1 ? -0f : 1e20f,
            i => i < columns / 2 ? 1 << 30 : 1f / (1 << 30), i => i < columns / 2 ? 1e-40f : 1e20f, _ => 1e20f, _ => -1e-40f])
        {
            var row = Enumerable.Range(0, columns).Select(factor);
            DevicePair.Operand x = pair.Put([.. Enumerable.Repeat(row, rows).SelectMany(v => v)]),
                turned = pair.Put([.. row.SelectMany(v => Enumerable.Repeat(v, rows))]), y = pair.Output(rows),
                z = pair.Output(rows);
            pair.Run((b, of) =>
            {
                b.Reduce(ReductionKind.Product, new StridedSpan(of[x], Layout.Contiguous([rows, columns])),
                    new StridedSpan(of[y], Layout.Contiguous([rows, 1])));
                b.Reduce(ReductionKind.Product, new StridedSpan(of[turned], Layout.Contiguous([columns, rows])),
                    new StridedSpan(of[z], Layout.Contiguous([1, rows])));
            });
            pair.ShouldAgree(y, 1e-4, 1e-44, $"rows of ({rows}, {columns})");
            pair.ShouldAgree(z, 1e-4, 1e-44, $"columns of ({columns}, {rows})");
        }
    }

    [Fact]
    public void Nothing_goes_to_local_memory() =>
        PtxCompiler.Ptx<ReduceGpuKernel<GpuProduct, ElementsOnAxes>>().Should().NotContain(".local");
}
