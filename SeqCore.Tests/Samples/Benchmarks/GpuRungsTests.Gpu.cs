using SeqCore.Benchmarks;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Samples.Benchmarks;

[Collection(GpuCollection.Name)]
public class GpuRungsGpuTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(65)]
    [InlineData(130)]
    public void Every_rung_is_a_product(int n)
    {
        float[] a = [.. Enumerable.Range(0, n * n).Select(i => i * 37 % 101 * 0.1f - 5f)],
            b = [.. Enumerable.Range(0, n * n).Select(i => i * 53 % 97 * 0.1f - 4f)];
        foreach (var rung in GpuRungs.On(TestGpu.Backend))
        {
            var (multiply, result) = rung.Prepare(a, b, n);
            multiply();
            var c = result();
            for (var element = 0; element < n * n; element++)
            {
                int i = element / n, j = element % n;
                var expected = Enumerable.Range(0, n).Sum(k => (double)a[i * n + k] * b[k * n + j]);

                // n terms below 25 in magnitude, each addition rounded.
                ((double)c[element]).Should().BeApproximately(expected, 25.0 * n * n * Math.Pow(2, -24),
                    $"{rung.Name}, {n}, ({i}, {j})");
            }
        }
    }

    [Fact]
    public void A_tile_of_sums_stays_in_registers() =>
        PtxCompiler.Ptx<RegisterTileGpuKernel>().Should().NotContain(".local").And.Contain("ld.shared.f32")
            .And.Contain("bar.sync");
}
