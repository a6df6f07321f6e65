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

    [Fact]
    public void Nothing_goes_to_local_memory() =>
        PtxCompiler.Ptx<ReduceGpuKernel<ProductReducer, ElementsOnAxes>>().Should().NotContain(".local");
}
