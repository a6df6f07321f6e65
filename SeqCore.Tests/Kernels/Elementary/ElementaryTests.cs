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
    public void Trigonometric_functions_are_within_their_ulp_for_every_exponent(int width)
    {
        GreatestUlpError(width, new SinOperation(), Math.Sin).Should().BeLessThan(1.6);
        GreatestUlpError(width, new CosOperation(), Math.Cos).Should().BeLessThan(1.6);
        GreatestUlpError(width, new TanOperation(), Math.Tan).Should().BeLessThan(3.2);
        GreatestUlpError(width, new AsinOperation(), Math.Asin).Should().BeLessThan(2.5);
        GreatestUlpError(width, new AcosOperation(), Math.Acos).Should().BeLessThan(2.5);
        GreatestUlpError(width, new AtanOperation(), Math.Atan).Should().BeLessThan(2);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Hyperbolic_functions_are_within_their_ulp(int width)
    {
        GreatestUlpError(width, new SinhOperation(), Math.Sinh).Should().BeLessThan(3);
        GreatestUlpError(width, new CoshOperation(), Math.Cosh).Should().BeLessThan(3);
        GreatestUlpError(width, new AsinhOperation(), Math.Asinh).Should().BeLessThan(3);
        GreatestUlpError(width, new AcoshOperation(), Math.Acosh).Should().BeLessThan(3);
        GreatestUlpError(width, new AtanhOperation(), Math.Atanh).Should().BeLessThan(3);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Other_exponentials_logarithms_and_the_cube_root_are_within_their_ulp(int width)
    {
        GreatestUlpError(width, new Exp2Operation(), x => Math.Pow(2, x)).Should().BeLessThan(1.1);
        GreatestUlpError(width, new Expm1Operation(), Oracle.Expm1).Should().BeLessThan(2.5);
        GreatestUlpError(width, new Log1pOperation(), Oracle.Log1p).Should().BeLessThan(2);
        GreatestUlpError(width, new Log2Operation(), Math.Log2).Should().BeLessThan(1.4);
        GreatestUlpError(width, new Log10Operation(), Math.Log10).Should().BeLessThan(2);
        GreatestUlpError(width, new CbrtOperation(), Math.Cbrt).Should().BeLessThan(1);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Angles_beside_multiples_of_a_quarter_turn_keep_their_accuracy(int width)
    {
        // The floats on both sides of multiples of pi / 2, up to 2^24 of them, where sine or cosine are nearly 0.
        List<float> x = [];
        for (var n = 1L; n < 1 << 24; n += 1 + n / 3000)
        {
            var nearest = (float)(n * (Math.PI / 2));
            x.AddRange([MathF.BitDecrement(nearest), nearest, -MathF.BitIncrement(nearest)]);
        }

        float[] points = [.. x];
        Check(new SinOperation(), Math.Sin, 1.6);
        Check(new CosOperation(), Math.Cos, 1.6);
        Check(new TanOperation(), Math.Tan, 3.2);

        void Check<TOperation>(TOperation operation, Func<double, double> oracle, double ulp)
            where TOperation : struct, IUnaryOperation =>
            LaneWidths.Apply(width, operation, points).Select((y, i) => Oracle.UlpError(y, oracle(points[i]))).Max()
                .Should().BeLessThan(ulp);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Powers_of_the_base_are_exact(int width)
    {
        float[] exponents = [.. Enumerable.Range(-149, 277)], powers = [.. exponents.Select(n => MathF.ScaleB(1f, (int)n))];
        LaneWidths.Apply(width, new Exp2Operation(), exponents).Should().Equal(powers);
        LaneWidths.Apply(width, new Log2Operation(), powers).Should().Equal(exponents);
        float[] decimals = [1f, 10f, 100f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];
        LaneWidths.Apply(width, new Log10Operation(), decimals).Should().Equal([.. Enumerable.Range(0, 11)]);
        LaneWidths.Apply(width, new CbrtOperation(), [1f, 8f, -27f, 1e-30f, 125f])
            .Should().Equal(1f, 2f, -3f, 1e-10f, 5f);
    }

    [Theory]
    [MemberData(nameof(AllWidths))]
    public void Special_values_of_the_further_functions_are_those_of_float64(int width)
    {
        float[] x =
        [
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, -1f, 2f, -2f, 1e30f, -1e30f, 1e-40f, -1e-40f,
            0.5f, -0.5f, 89.2f, -89.2f, 128f, -150f, float.MaxValue, float.MinValue,
        ];
        Check(new SinOperation(), Math.Sin);
        Check(new CosOperation(), Math.Cos);
        Check(new TanOperation(), Math.Tan);
        Check(new AsinOperation(), Math.Asin);
        Check(new AcosOperation(), Math.Acos);
        Check(new AtanOperation(), Math.Atan);
        Check(new SinhOperation(), Math.Sinh);
        Check(new CoshOperation(), Math.Cosh);
        Check(new AsinhOperation(), Math.Asinh);
        Check(new AcoshOperation(), Math.Acosh);
        Check(new AtanhOperation(), Math.Atanh);
        Check(new Exp2Operation(), v => Math.Pow(2, v));
        Check(new Expm1Operation(), Oracle.Expm1);
        Check(new Log1pOperation(), Oracle.Log1p);
        Check(new Log2Operation(), Math.Log2);
        Check(new Log10Operation(), Math.Log10);
        Check(new CbrtOperation(), Math.Cbrt);
        Check(new TruncateOperation(), Math.Truncate);
        Check(new LogSigmoidOperation(), v => v > 0 ? -Oracle.Log1p(Math.Exp(-v)) : v - Oracle.Log1p(Math.Exp(v)));
        Check(new SoftsignOperation(), v => double.IsInfinity(v) ? Math.Sign(v) : v / (1 + Math.Abs(v)));
        Check(new SeluOperation(), v => v > 0 ? 1.0507009873554805 * v : 1.7580993408473766 * Oracle.Expm1(v));
        Check(new CeluOperation(2f), v => v > 0 ? v : 2 * Oracle.Expm1(v / 2));
        Check(new HardtanhOperation(-1f, 2f), v => Math.Min(Math.Max(v, -1), 2));
        Check(new HardsigmoidOperation(), v => Math.Min(Math.Max(v + 3, 0), 6) / 6);
        Check(new HardswishOperation(), v => Math.Max(v, -3) * Math.Min(Math.Max(v + 3, 0), 6) / 6);

        void Check<TOperation>(TOperation operation, Func<double, double> oracle) where TOperation : struct, IUnaryOperation
        {
            var y = LaneWidths.Apply(width, operation, x);
            for (var i = 0; i < x.Length; i++)
            {
                var expected = (float)oracle(x[i]);
                var isNear = float.IsFinite(expected) && expected != 0f && Oracle.RelativeError(y[i], oracle(x[i])) < 1e-6;
                (isNear || Same(y[i], expected)).Should()
                    .BeTrue($"{typeof(TOperation).Name} of {x[i]:R} is {expected:R}, not {y[i]:R}");
            }
        }
    }

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
            Equal(new SinOperation());
            Equal(new TanOperation());
            Equal(new AcosOperation());
            Equal(new AtanOperation());
            Equal(new SinhOperation());
            Equal(new AsinhOperation());
            Equal(new Exp2Operation());
            Equal(new Log10Operation());

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
