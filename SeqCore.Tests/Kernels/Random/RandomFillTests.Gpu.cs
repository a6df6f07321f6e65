using SeqCore.Kernels;
using SeqCore.Kernels.Random;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.RandomFill;

[Collection(GpuCollection.Name)]
public class RandomFillGpuTests
{
    private static readonly RandomStream Stream = new(0x123456789abcdefUL, 0xffff_ffd0UL);

    public static TheoryData<int> Margins => [16, 19];

    private static int[] Lengths => [.. Numbers.AwkwardLengths, 0, 1023, 1024, 1025, 70_003];

    [Theory, MemberData(nameof(Margins))]
    public void Uniform_numbers_have_the_bits_of_the_CPU(int margin)
    {
        foreach (var length in Lengths)
        {
            using var pair = new DevicePair(margin);
            DevicePair.Operand y = pair.Output(length), least = pair.Output(length);
            pair.Run((backend, at) => backend.FillUniform(at[y], Stream, -0.3f, 0.7f));
            pair.Run((backend, at) => backend.FillUniform(at[least], Stream, 1f, MathF.BitIncrement(1f)));
            pair.ShouldAgree(y, 0, 0, $"{length} numbers");
            pair.ShouldAgree(least, 0, 0, $"{length} numbers in the least interval");
        }
    }

    // sin, cos, log and root are the CPU's formulas; products next to sums may be fused, some 2^-23 of a number up to 6.
    [Theory, MemberData(nameof(Margins))]
    public void Normal_numbers_agree_with_those_of_the_CPU(int margin)
    {
        foreach (var length in Lengths)
        {
            using var pair = new DevicePair(margin);
            var y = pair.Output(length);
            pair.Run((backend, at) => backend.FillNormal(at[y], Stream, 1f, 2f));
            pair.ShouldAgree(y, 1e-6, 1e-6, $"{length} numbers");
        }
    }

    [Theory, MemberData(nameof(Margins))]
    public void Dropout_has_the_bits_of_the_CPU(int margin)
    {
        foreach (var length in Lengths)
        {
            using var pair = new DevicePair(margin);
            var x = pair.Put(Numbers.Normal(length, 3));
            var y = pair.Output(length);
            pair.Run((backend, at) => backend.Dropout(at[x], at[y], 0.3f, Stream));
            pair.Run((backend, at) => backend.Dropout(at[x], at[x], 0.6f, Stream));
            pair.ShouldAgree(y, 0, 0, $"{length} numbers");
            pair.ShouldAgree(x, 0, 0, $"{length} numbers in place");
        }
    }

    [Fact]
    public void Dropout_with_probability_0_and_1()
    {
        using var pair = new DevicePair();
        var x = pair.Put(Enumerable.Repeat(float.PositiveInfinity, 50).ToArray());
        DevicePair.Operand none = pair.Output(50), all = pair.Output(50);
        pair.Run((backend, at) => backend.Dropout(at[x], at[none], 1f, Stream));
        pair.Run((backend, at) => backend.Dropout(at[x], at[all], 0f, Stream));
        pair.Read(none).Should().OnlyContain(v => v == 0f);
        pair.Read(all).Should().OnlyContain(v => v == float.PositiveInfinity);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var pair = new DevicePair();
        var x = pair.Output(3).OnGpu;
        ((Action)(() => pair.Gpu.Dropout(x, x, 1.5f, Stream)))
            .Should().Throw<ArgumentException>().WithMessage("Dropout: the probability*");
        ((Action)(() => pair.Gpu.FillUniform(x, Stream, 1f, 0f)))
            .Should().Throw<ArgumentException>().WithMessage("FillUniform: low*");
        ((Action)(() => pair.Gpu.FillNormal(x, Stream, 0f, -1f)))
            .Should().Throw<ArgumentException>().WithMessage("FillNormal: the standard deviation*");
    }

    [Fact]
    public void Four_elements_are_written_at_once()
    {
        var ptx = PtxCompiler.AlignedPtx<RandomGpuKernel<DroppedNumbers>>();
        ptx.Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.NotContain(".local");
    }
}
