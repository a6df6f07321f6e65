using SeqCore.Kernels;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Simd;

namespace SeqCore.Tests.Kernels.Elementary;

public class ElementaryTests
{
    public static TheoryData<int> AllWidths => LaneWidths.All;

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Exp_is_within_1_ulp(int width) => GreatestUlpError(width, new ExpOperation(), Math.Exp).Should().BeLessThan(1.0);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Log_is_within_1_ulp(int width) => GreatestUlpError(width, new LogOperation(), Math.Log).Should().BeLessThan(1.0);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Tanh_is_within_4e_7(int width) =>
        GreatestRelativeError(width, new TanhOperation(), Math.Tanh).Should().BeLessThan(4e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Sigmoid_is_within_3e_7(int width) =>
        GreatestRelativeError(width, new SigmoidOperation(), Oracle.Sigmoid).Should().BeLessThan(3e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Erf_is_within_4e_7(int width) =>
        GreatestRelativeError(width, new ErfOperation(), Oracle.Erf).Should().BeLessThan(4e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void NormalCdf_is_within_6e_7(int width) =>
        GreatestRelativeError(width, new NormalCdfOperation(), Oracle.NormalCdf).Should().BeLessThan(6e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void GeluTanh_is_within_6e_7(int width) =>
        GreatestRelativeError(width, new GeluTanhOperation(), Oracle.GeluTanh).Should().BeLessThan(6e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void GeluErf_is_within_8e_7(int width) =>
        GreatestRelativeError(width, new GeluErfOperation(), Oracle.GeluErf).Should().BeLessThan(8e-7);

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Tanh_and_erf_never_pass_1(int width)
    {
        float[] x = [.. Enumerable.Range(0, 200_000).Select(i => 3f + i * 4e-5f), float.PositiveInfinity];
        LaneWidths.Apply(width, new TanhOperation(), x).Max().Should().Be(1f);
        LaneWidths.Apply(width, new ErfOperation(), x).Max().Should().Be(1f);
        float[] negative = [.. x.Select(v => -v)];
        LaneWidths.Apply(width, new TanhOperation(), negative).Min().Should().Be(-1f);
        LaneWidths.Apply(width, new ErfOperation(), negative).Min().Should().Be(-1f);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Special_values_are_right(int width)
    {
        float[] x = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, -1f, 1e30f, -1e30f, 1f];
        LaneWidths.Apply(width, new ExpOperation(), x).Should().Equal(
            [float.NaN, float.PositiveInfinity, 0f, 1f, 1f, MathF.Exp(-1f), float.PositiveInfinity, 0f, MathF.E], Same);
        LaneWidths.Apply(width, new LogOperation(), x)[..6].Should().Equal(
            [float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity, float.NaN], Same);
        LaneWidths.Apply(width, new LogOperation(), x)[8].Should().Be(0f);
        LaneWidths.Apply(width, new TanhOperation(), x)[..5].Should().Equal([float.NaN, 1f, -1f, 0f, -0f], Same);
        LaneWidths.Apply(width, new SigmoidOperation(), x)[..5].Should().Equal([float.NaN, 1f, 0f, 0.5f, 0.5f], Same);
        LaneWidths.Apply(width, new ErfOperation(), x)[..5].Should().Equal([float.NaN, 1f, -1f, 0f, -0f], Same);
        LaneWidths.Apply(width, new GeluTanhOperation(), x)[..5]
            .Should().Equal([float.NaN, float.PositiveInfinity, -0f, 0f, -0f], Same);
        LaneWidths.Apply(width, new GeluErfOperation(), x)[..5]
            .Should().Equal([float.NaN, float.PositiveInfinity, -0f, 0f, -0f], Same);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        var x = Samples();
        foreach (var width in (int[])[4, 8, 16])
        {
            Equal(new ExpOperation());
            Equal(new LogOperation());
            Equal(new TanhOperation());
            Equal(new SigmoidOperation());
            Equal(new ErfOperation());
            Equal(new GeluTanhOperation());
            Equal(new GeluErfOperation());

            void Equal<TOperation>(TOperation operation) where TOperation : struct, IUnaryOperation =>
                LaneWidths.Apply(width, operation, x).Should().Equal(LaneWidths.Apply(1, operation, x), (a, b) => a.Equals(b));
        }
    }

    private static bool Same(float a, float b) =>
        a.Equals(b) && float.IsNegative(a) == float.IsNegative(b) || float.IsNaN(a) && float.IsNaN(b);

    private static double GreatestUlpError<TOperation>(int width, TOperation operation, Func<double, double> oracle)
        where TOperation : struct, IUnaryOperation => Greatest(width, operation, (x, y) => Oracle.UlpError(y, oracle(x)));

    private static double GreatestRelativeError<TOperation>(int width, TOperation operation, Func<double, double> oracle)
        where TOperation : struct, IUnaryOperation => Greatest(width, operation, (x, y) => Oracle.RelativeError(y, oracle(x)));

    private static double Greatest<TOperation>(int width, TOperation operation, Func<float, float, double> error)
        where TOperation : struct, IUnaryOperation
    {
        var x = Samples();
        var y = LaneWidths.Apply(width, operation, x);
        return x.Select((v, i) => error(v, y[i])).Max();
    }

    /// <summary>300 mantissas for every exponent and sign, subnormals included, and the interval [-120, 120] densely.</summary>
    private static float[] Samples()
    {
        var random = new Random(1);
        List<float> x = [];
        for (var exponent = 0; exponent < 255; exponent++)
        {
            for (var i = 0; i < 300; i++)
            {
                x.Add(BitConverter.UInt32BitsToSingle(
                    (uint)random.Next(2) << 31 | (uint)exponent << 23 | (uint)random.Next(1 << 23)));
            }
        }

        for (var i = -60_000; i <= 60_000; i++)
            x.Add(i * 0.002f + random.NextSingle() * 0.002f);
        return [.. x];
    }

    private readonly struct NormalCdfOperation : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => T.NormalCdf(x);

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => throw new NotSupportedException();
    }
}
