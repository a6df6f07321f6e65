using SeqCore.Kernels.Cumulative;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Cumulative;

/// <summary>
/// Sums carry their rounding errors along; products of n factors are rounded n times, and gradients add up to n of them.
/// </summary>
[Collection(GpuCollection.Name)]
public class CumulativeGpuTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(2, 33)]
    [InlineData(1, 255)]
    [InlineData(2, 1023)]
    [InlineData(1, 1024)]
    [InlineData(2, 2500)]
    public void Devices_agree(int rows, int columns)
    {
        using var pair = new DevicePair();

        // Factors near 1, with some zeros, so that products stay within range.
        var factors = Numbers.Normal(rows * columns, 2, 0.05f);
        for (var i = 0; i < factors.Length; i++)
            factors[i] = i % 700 == 299 ? 0 : (i % 2 == 0 ? 1 : -1) + factors[i];
        DevicePair.Operand x = pair.Put(Numbers.Normal(rows * columns, 1)), p = pair.Put(factors),
            dY = pair.Put(Numbers.Normal(rows * columns, 3));
        foreach (var (reverse, exclusive) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
        {
            DevicePair.Operand sums = pair.Output(rows * columns), products = pair.Output(rows * columns),
                dX = pair.Output(rows * columns);
            pair.Run((backend, at) =>
            {
                backend.CumulativeSum(at[x], at[sums], rows, columns, reverse, exclusive);
                backend.CumulativeProduct(at[p], at[products], rows, columns, reverse, exclusive);
                backend.CumulativeProductGradient(at[p], at[dY], at[dX], rows, columns, reverse, exclusive);
            });
            var what = $"({rows}, {columns}){(reverse ? ", reverse" : "")}{(exclusive ? ", exclusive" : "")}";
            pair.ShouldAgree(sums, 1.2e-7, 1e-7, $"sums of {what}");
            pair.ShouldAgree(products, 1.2e-7 * Math.Min(columns, 700), 1e-30, $"products of {what}");
            pair.ShouldAgree(dX, 1e-4, 1e-4, $"gradient of {what}");
        }
    }

    [Fact]
    public void Infinity_and_NaN_reach_what_comes_after_them()
    {
        using var pair = new DevicePair();
        const float Inf = float.PositiveInfinity;
        DevicePair.Operand x = pair.Put(1f, Inf, 2f, -Inf, 3f, 0f, float.NaN, 1f), sums = pair.Output(8),
            products = pair.Output(8);
        pair.Run((backend, at) =>
        {
            backend.CumulativeSum(at[x], at[sums], 1, 8);
            backend.CumulativeProduct(at[x], at[products], 1, 8);
            backend.CumulativeSum(at[x], at[sums], 1, 8, exclusive: true);
        });
        pair.ShouldAgree(sums, 0, 0);
        pair.ShouldAgree(products, 0, 0);
    }

    [Theory]
    [InlineData(4f, 256, 0)]
    [InlineData(4f, 1100, 0)]
    [InlineData(4f, 256, 100)]
    [InlineData(0.25f, 256, -1)]
    [InlineData(1e-40f, 20, -1)]
    [InlineData(1e20f, 3, -1)]
    public void Products_may_leave_the_range_of_floats_on_the_way(float factor, int columns, int zero)
    {
        using var pair = new DevicePair();
        float[] values = [.. Enumerable.Repeat(factor, columns)], gradient = new float[columns];
        if (zero >= 0)
            values[zero] = 0f;
        gradient[0] = 1f;
        DevicePair.Operand x = pair.Put(values), dY = pair.Put(gradient),
            back = pair.Put([.. values.Concat(values.Select(v => v == 0f ? 1f : 1f / v))]);
        DevicePair.Operand products = pair.Output(columns), dX = pair.Output(columns), returned = pair.Output(2 * columns);
        pair.Run((backend, at) =>
        {
            backend.CumulativeProduct(at[x], at[products], 1, columns);
            backend.CumulativeProductGradient(at[x], at[dY], at[dX], 1, columns);
            backend.CumulativeProduct(at[back], at[returned], 1, 2 * columns);
        });
        pair.ShouldAgree(products, 1e-5, 1e-44, "products");
        pair.ShouldAgree(dX, 1e-5, 1e-44, "gradient");
        pair.ShouldAgree(returned, 1e-5, 1e-44, "there and back");
    }

    [Fact]
    public void A_result_may_be_written_over_its_operand_and_nothing_is_in_local_memory()
    {
        using var pair = new DevicePair();
        var x = pair.Put([.. Enumerable.Range(0, 3000).Select(i => (float)(i % 7 - 3))]);
        pair.Run((backend, at) => backend.CumulativeSum(at[x], at[x], 2, 1500));
        pair.ShouldAgree(x, 0, 0);
        PtxCompiler.Ptx<CumulativeGpuKernel<CumulativeTotal, CumulativeSums>>().Should().NotContain(".local");
        PtxCompiler.Ptx<CumulativeGpuKernel<CumulativeFactor, CumulativeProducts>>().Should().NotContain(".local");
        PtxCompiler.Ptx<CumulativeGpuKernel<CumulativeLine, CumulativeGradients>>().Should().NotContain(".local");
    }
}
