using SeqCore.Kernels.TopK;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.TopK;

[Collection(GpuCollection.Name)]
public class TopKGpuTests
{
    [Fact]
    public void Devices_choose_the_same_and_the_lower_index_among_equals()
    {
        using var pair = new DevicePair();
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 1000])
        {
            // Rounded, so that many are equal.
            var x = Array.ConvertAll(Numbers.Normal(3 * columns, columns), v => MathF.Round(v * 4) / 4);
            foreach (var k in ((int[])[1, 2, columns / 9, columns / 2, columns]).Where(k => k > 0 && k <= columns).Distinct())
                Check(pair, x, 3, columns, k);
        }
    }

    [Theory]
    [InlineData(5000, 40)]
    [InlineData(50_257, 1000)]
    [InlineData(3000, 1024)]
    [InlineData(3000, 1025)]
    [InlineData(3000, 3000)]
    public void Devices_choose_the_same_of_long_rows(int columns, int k)
    {
        using var pair = new DevicePair();
        Check(pair, Numbers.Normal(2 * columns, 1), 2, columns, k);
        Check(pair, new float[2 * columns], 2, columns, k);
    }

    [Fact]
    public void NaN_is_largest_and_zeros_are_equal()
    {
        var x = new float[200];
        Array.Fill(x, -1f);
        x[3] = -0f;
        x[4] = 0f;
        x[100] = float.NaN;
        x[150] = float.PositiveInfinity;
        x[170] = -float.NaN;
        x[180] = float.NegativeInfinity;
        x[181] = 1e-40f;
        x[182] = -1e-40f;
        using var pair = new DevicePair();
        foreach (var k in (int[])[1, 2, 3, 5, 7, 200])
            Check(pair, x, 1, 200, k);
    }

    [Fact]
    public void Wrong_arguments_have_the_CPUs_messages_and_a_k_of_0_does_nothing()
    {
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(1f, 2f, 3f), none = pair.Put();
        var indices = pair.PutIndices(0, 0, 0);
        pair.Gpu.TopK(x.OnGpu, none.OnGpu, indices.OnGpu, 1, 3, 0);
        var messages = new List<string>();
        pair.Run((backend, at) =>
        {
            messages.Add(Assert.Throws<ArgumentException>(() => backend.TopK(at[x], at[x], at[indices], 1, 3, 4)).Message);
            messages.Add(Assert.Throws<ArgumentException>(() => backend.TopK(at[x], at[none], at[indices], 1, 3, 2)).Message);
        });
        messages[2..].Should().Equal(messages[..2]);
    }

    [Fact]
    public void Nothing_is_in_local_memory()
    {
        foreach (var kernel in (Type[])[typeof(TopKGpuKernel), typeof(TopKByRankGpuKernel)])
            PtxCompiler.Ptx(kernel).Should().NotContain(".local");
    }

    private static void Check(DevicePair pair, float[] x, int rows, int columns, int k)
    {
        DevicePair.Operand input = pair.Put(x), values = pair.Output(rows * k);
        var indices = pair.PutIndices(new int[rows * k]);
        pair.Run((backend, at) => backend.TopK(at[input], at[values], at[indices], rows, columns, k));
        pair.ShouldAgree(indices, $"{k} of {columns}");
        pair.ShouldAgree(values, 0, 0, $"{k} of {columns}");
    }
}
