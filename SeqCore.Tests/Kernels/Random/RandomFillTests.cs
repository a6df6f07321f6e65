using SeqCore.Kernels;
using SeqCore.Kernels.Random;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.RandomFill;

public unsafe class RandomFillTests
{
    private static readonly RandomStream Stream = new(0x123456789abcdefUL, 77);

    public static TheoryData<int> AllWidths => new(Widths);

    [Theory, MemberData(nameof(AllWidths))]
    public void Uniform_numbers_follow_the_words_of_the_stream(int width)
    {
        foreach (var length in (int[])[.. AwkwardLengths, 0, 511, 512, 513, 1100])
        {
            var y = Fill(RandomKind.Uniform, width, new float[length], Stream, -2f, 3f);
            var u = Uniforms(length);
            y.Should().Equal(u.Select(v => v * 5f - 2f), $"{length} numbers");
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Normal_numbers_are_Box_and_Mullers(int width)
    {
        foreach (var length in (int[])[.. AwkwardLengths, 0, 511, 512, 513, 1100])
        {
            var y = Fill(RandomKind.Normal, width, new float[length], Stream, 1f, 2f);
            var u = Uniforms(length + 1);
            var expected = new double[length];
            for (var i = 0; i < length; i++)
            {
                double radius = Math.Sqrt(-2 * Math.Log(1.0 - u[i & ~1])), angle = 2 * Math.PI * u[i | 1];
                expected[i] = 1 + 2 * radius * ((i & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle));
            }

            ShouldBeNear(y, expected, 1e-6, 2e-6, $"{length} numbers");
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void Dropout_keeps_and_scales_where_the_uniform_number_allows(int width)
    {
        foreach (var length in (int[])[.. AwkwardLengths, 0, 513, 1100])
        {
            var x = Normal(length, 3);
            var y = Fill(RandomKind.Dropout, width, x, Stream, 0.3f, 1f / (1f - 0.3f));
            y.Should().Equal(Uniforms(length).Zip(x, (u, v) => u < 0.3f ? 0f : v * (1f / (1f - 0.3f))), $"{length} numbers");
        }
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("dropout")]
    public void Widths_and_threads_do_not_change_a_bit(string kind)
    {
        const int Length = 70_003;
        const float A = 0.25f;
        var b = kind == "dropout" ? 1f / (1f - A) : 1.5f;
        var x = Normal(Length, 4);
        float[]? first = null;
        foreach (var width in Widths)
        {
            var y = Fill(Enum.Parse<RandomKind>(kind, true), width, x, Stream, A, b);
            first ??= y;
            y.AsSpan().SequenceEqual(first).Should().BeTrue($"width {width}");
        }

        foreach (var threads in (int[])[1, 3])
        {
            using var arena = new Arena(threads);
            var y = arena.Put(x);
            if (kind == "uniform")
                arena.Backend.FillUniform(y, Stream, A, b);
            else if (kind == "normal")
                arena.Backend.FillNormal(y, Stream, A, b);
            else
                arena.Backend.Dropout(y, y, A, Stream);
            y.AsHostSpan().SequenceEqual(first).Should().BeTrue($"{threads} threads");
        }
    }

    [Fact]
    public void A_fill_in_two_parts_continues_the_stream()
    {
        using var arena = new Arena(2);
        DeviceSpan<float> whole = arena.Output(1000), parts = arena.Output(1000);
        arena.Backend.FillUniform(whole, Stream, 0f, 1f);
        arena.Backend.FillUniform(parts.Slice(0, 400), Stream, 0f, 1f);
        arena.Backend.FillUniform(parts.Slice(400, 600), Stream with { Counter = Stream.Counter + 100 }, 0f, 1f);
        Bits(parts).Should().Equal(Bits(whole));
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        const int Length = 400_000;
        using var arena = new Arena(2);
        var y = arena.Output(Length);
        arena.Backend.FillNormal(y, new RandomStream(1, 0), 3f, 2f);
        var normal = ToDouble(y.AsHostSpan().ToArray());
        normal.Average().Should().BeApproximately(3, 5 * 2 / Math.Sqrt(Length));
        normal.Average(v => (v - 3) * (v - 3)).Should().BeApproximately(4, 5 * 4 * Math.Sqrt(2.0 / Length));
        normal.Average(v => Math.Pow((v - 3) / 2, 4)).Should().BeApproximately(3, 5 * Math.Sqrt(96.0 / Length));
        arena.Backend.FillUniform(y, new RandomStream(1, 0), 0f, 1f);
        var uniform = ToDouble(y.AsHostSpan().ToArray());
        uniform.Average().Should().BeApproximately(0.5, 5 * Math.Sqrt(1.0 / 12 / Length));
        uniform.Should().OnlyContain(v => v >= 0 && v < 1);
    }

    [Fact]
    public void Rounding_never_reaches_the_excluded_end()
    {
        using var arena = new Arena();
        var y = arena.Output(100_000);
        arena.Backend.FillUniform(y, Stream, 1f, MathF.BitIncrement(1f));
        y.AsHostSpan().ToArray().Should().OnlyContain(v => v == 1f);
        arena.Backend.FillUniform(y, Stream, 2f, 2f);
        y.AsHostSpan().ToArray().Should().OnlyContain(v => v == 2f);
    }

    [Fact]
    public void Dropout_with_probability_0_and_1()
    {
        using var arena = new Arena();
        DeviceSpan<float> x = arena.Put(Enumerable.Repeat(float.PositiveInfinity, 50).ToArray()), y = arena.Output(50);
        arena.Backend.Dropout(x, y, 1f, Stream);
        y.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
        arena.Backend.Dropout(x, y, 0f, Stream);
        y.AsHostSpan().ToArray().Should().OnlyContain(v => v == float.PositiveInfinity);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var arena = new Arena();
        var x = arena.Output(3);
        var dropout = () => arena.Backend.Dropout(x, x, 1.5f, Stream);
        var uniform = () => arena.Backend.FillUniform(x, Stream, 1f, 0f);
        var normal = () => arena.Backend.FillNormal(x, Stream, 0f, -1f);
        dropout.Should().Throw<ArgumentException>().WithMessage("Dropout: the probability should be in [0, 1]; got 1.5.");
        uniform.Should().Throw<ArgumentException>().WithMessage("FillUniform: low should not be above high; got [1, 0).");
        normal.Should().Throw<ArgumentException>().WithMessage("FillNormal: the standard deviation should be 0 or more; got -1.");
    }

    private static float[] Fill(RandomKind kind, int width, float[] x, RandomStream stream, float a, float b)
    {
        using var arena = new Arena(2);
        DeviceSpan<float> source = arena.Put(x), y = arena.Output(x.Length);
        if (width != 0)
            Run(width, new RandomKernel(kind, source.Pointer(), y.Pointer(), x.Length, stream, a, b));
        else if (kind == RandomKind.Uniform)
            arena.Backend.FillUniform(y, stream, a, b);
        else if (kind == RandomKind.Normal)
            arena.Backend.FillNormal(y, stream, a, b);
        else
            arena.Backend.Dropout(source, y, a, stream);
        return y.AsHostSpan().ToArray();
    }

    private static float[] Uniforms(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Definition.Uniform(Stream, i))];
}
