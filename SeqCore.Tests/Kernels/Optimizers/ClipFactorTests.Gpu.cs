using SeqCore.Kernels.Optimizers;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Optimizers;

[Collection("GPU")]
public class ClipFactorGpuTests
{
    private static readonly int[] Lengths = [0, 1, 16384, 0, 16385, 50_001, 7];

    // Sums of doubles in another order, rounded to float at the end.
    [Theory]
    [InlineData(16)]
    [InlineData(19)]
    public void Devices_agree_on_norm_and_factor(int margin)
    {
        using var pair = new DevicePair(margin);
        var gradients = Lengths.Select(n => pair.Put(Numbers.Normal(n, n))).ToArray();
        DevicePair.Operand small = pair.Output(2), large = pair.Output(2), none = pair.Output(2);
        pair.Run((backend, at) => backend.ClipFactor([.. gradients.Select(g => at[g])], 1f, at[small]));
        pair.Run((backend, at) => backend.ClipFactor([.. gradients.Select(g => at[g])], 1e6f, at[large]));
        pair.Run((backend, at) => backend.ClipFactor([], 1f, at[none]));
        pair.ShouldAgree(small, 1e-7, 0);
        pair.ShouldAgree(large, 1e-7, 0);
        pair.Read(large)[1].Should().Be(1f);
        pair.Read(none).Should().Equal(0f, 1f);
        pair.Gpu.GlobalNorm([.. gradients.Select(g => g.OnGpu)]).Should().Be(pair.Read(small)[0]);
    }

    [Fact]
    public void Squares_do_not_overflow()
    {
        using var pair = new DevicePair();
        pair.Gpu.GlobalNorm([pair.Put(3e30f, 4e30f).OnGpu]).Should().BeApproximately(5e30, 1e24);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_norm_that_is_not_finite_makes_every_later_factor_not_a_number(float bad)
    {
        using var pair = new DevicePair();
        DevicePair.Operand broken = pair.Put(1f, bad, 2f), sound = pair.Put(3f, 4f), first = pair.Output(2),
            second = pair.Output(2);
        pair.Run((backend, at) => backend.ClipFactor([at[sound], at[broken]], float.PositiveInfinity, at[first]));
        pair.Run((backend, at) => backend.ClipFactor([at[sound]], 1f, at[second], at[first].Slice(1, 1)));
        pair.Read(first)[1].Should().Be(float.NaN);
        pair.Read(second).Should().Equal(5f, float.NaN);
        pair.ShouldAgree(first, 0, 0);
        pair.ShouldAgree(second, 0, 0);
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        using var pair = new DevicePair();
        var gradient = pair.Put(Numbers.Normal(100_003, 5)).OnGpu;
        pair.Gpu.GlobalNorm([gradient]).Should().Be(pair.Gpu.GlobalNorm([gradient]));
    }

    // On a device without doubles.
    [Fact]
    public void Pairs_of_floats_hold_more_digits_than_a_float()
    {
        var (sum, exact) = (default(SquaresInPairs), 0.0);
        foreach (var x in Numbers.Normal(100_000, 6))
        {
            sum = sum.PlusSquare(x);
            exact += (double)x * x;
        }

        // The sum and its root are rounded once each; a sum in one float is off by some 1e-5.
        sum.Combine(sum).Root().Should().BeApproximately((float)Math.Sqrt(2 * exact), 446f * 1.2e-7f);
        sum.Factor(1f).Should().BeApproximately((float)(1 / Math.Sqrt(exact)), 1e-9f);
        default(SquaresInPairs).PlusSquare(float.NaN).Factor(1f).Should().Be(float.NaN);
        default(SquaresInPairs).PlusSquare(1e30f).Factor(1f).Should().Be(float.NaN);
    }

    [Fact]
    public void Four_elements_are_read_at_once() =>
        PtxCompiler.AlignedPtx<SquaresGpuKernel<SquaresInDouble>>().Should().Contain("ld.global.v4.f32").And.NotContain(".local");
}
