using SeqCore.Kernels;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Simd;

namespace SeqCore.Tests.Kernels.Elementwise;

public class OperationTests
{
    private static readonly double[] Points = [-11.3, -4.2, -1.7, -0.6, -0.03, 0.04, 0.31, 0.77, 1.4, 2.6, 5.1];

    private static readonly double[] Inside = [-0.97, -0.71, -0.53, -0.31, -0.03, 0.02, 0.25, 0.49, 0.51, 0.8, 0.96];

    private static readonly double[] NotMultiples = [-11.3, -4.3, -1.7, -0.61, 0.77, 1.37, 2.59];

    private static readonly double[] Positive = [0.02, 0.31, 0.77, 1.4, 2.6, 5.1, 40];

    [Fact]
    public void Unary_operations_and_their_derivatives_agree_with_float64()
    {
        Check(new NegateOperation(), x => -x, Points);
        Check(new AbsOperation(), Math.Abs, Points);
        Check(new SignOperation(), x => Math.Sign(x), Points);
        Check(new SquareOperation(), x => x * x, Points);
        Check(new SqrtOperation(), Math.Sqrt, Positive);
        Check(new RsqrtOperation(), x => 1 / Math.Sqrt(x), Positive);
        Check(new ReciprocalOperation(), x => 1 / x, Points);
        Check(new AffineOperation(2.5f, -0.5f), x => 2.5 * x - 0.5, Points);
        Check(new ClampOperation(-1f, 2f), x => Math.Clamp(x, -1, 2), Points);
        Check(new FloorOperation(), Math.Floor, Points);
        Check(new CeilingOperation(), Math.Ceiling, Points);
        Check(new RoundOperation(), Math.Round, Points);
        Check(new ExpOperation(), Math.Exp, Points);
        Check(new LogOperation(), Math.Log, Positive);
        Check(new TanhOperation(), Math.Tanh, Points);
        Check(new ErfOperation(), Oracle.Erf, Points);
        Check(new SigmoidOperation(), Oracle.Sigmoid, Points);
        Check(new ReluOperation(), x => Math.Max(x, 0), Points);
        Check(new LeakyReluOperation(0.25f), x => x > 0 ? x : 0.25 * x, Points);
        Check(new EluOperation(1.5f), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1), Points);
        Check(new SiluOperation(), x => x * Oracle.Sigmoid(x), Points);
        Check(new SoftplusOperation(), x => Math.Log(1 + Math.Exp(x)), Points);
        Check(new MishOperation(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))), Points);
        Check(new GeluErfOperation(), Oracle.GeluErf, Points);
        Check(new GeluTanhOperation(), Oracle.GeluTanh, Points);
        Check(new PowerConstantOperation(3f), x => x * x * x, Points);
        Check(new PowerConstantOperation(-2f), x => 1 / (x * x), Points);
        Check(new PowerConstantOperation(0.5f), Math.Sqrt, Positive);
        Check(new PowerConstantOperation(1.75f), x => Math.Pow(x, 1.75), Positive);
    }

    [Fact]
    public void Trigonometric_hyperbolic_and_other_functions_and_their_derivatives_agree_with_float64()
    {
        Check(new SinOperation(), Math.Sin, Points);
        Check(new CosOperation(), Math.Cos, Points);
        Check(new TanOperation(), Math.Tan, Points);
        Check(new AsinOperation(), Math.Asin, Inside);
        Check(new AcosOperation(), Math.Acos, Inside);
        Check(new AtanOperation(), Math.Atan, Points);
        Check(new SinhOperation(), Math.Sinh, Points);
        Check(new CoshOperation(), Math.Cosh, Points);
        Check(new AsinhOperation(), Math.Asinh, Points);
        Check(new AcoshOperation(), Math.Acosh, Points[^2..]);
        Check(new AtanhOperation(), Math.Atanh, Inside);
        Check(new Log1pOperation(), x => Math.Log(1 + x), Positive);
        Check(new Expm1Operation(), x => Math.Exp(x) - 1, Points);
        Check(new Exp2Operation(), x => Math.Pow(2, x), Points);
        Check(new Log2Operation(), Math.Log2, Positive);
        Check(new Log10Operation(), Math.Log10, Positive);
        Check(new CbrtOperation(), Math.Cbrt, Points);
        Check(new TruncateOperation(), Math.Truncate, Points);
        Check(new LogSigmoidOperation(), x => Math.Log(Oracle.Sigmoid(x)), Points);
        Check(new SoftsignOperation(), x => x / (1 + Math.Abs(x)), Points);
        Check(new SeluOperation(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)), Points);
        Check(new CeluOperation(1.5f), x => x > 0 ? x : 1.5 * (Math.Exp(x / 1.5) - 1), Points);
        Check(new HardtanhOperation(-1f, 2f), x => Math.Clamp(x, -1, 2), Points);
        Check(new HardsigmoidOperation(), x => Math.Clamp(x / 6 + 0.5, 0, 1), Points);
        Check(new HardswishOperation(), x => x * Math.Clamp(x / 6 + 0.5, 0, 1), Points);
    }

    [Fact]
    public void Mish_has_its_limits_far_from_zero()
    {
        float[] x = [float.NegativeInfinity, -1e30f, -80, 30, 1e30f, float.PositiveInfinity, float.NaN];
        float[] mish = [0, 0, -80 * 1.8048514e-35f, 30, 1e30f, float.PositiveInfinity, float.NaN];
        float[] slopes = [0, 0, -79 * 1.8048514e-35f, 1, 1, 1, float.NaN];
        foreach (var width in (int[])[1, 4, 8, 16])
        {
            var y = LaneWidths.Apply(width, new MishOperation(), x);
            for (var i = 0; i < x.Length; i++)
            {
                Oracle.RelativeError(y[i], mish[i]).Should().BeLessThan(2e-6, $"Mish of {x[i]}");
                var slope = new MishOperation().Derivative<LaneDouble>(x[i], y[i]).Value;
                Oracle.RelativeError((float)slope, slopes[i]).Should().BeLessThan(2e-6, $"derivative of Mish at {x[i]}");
            }
        }
    }

    [Fact]
    public void Binary_operations_and_their_derivatives_agree_with_float64()
    {
        Check(new AddOperation(), (x, y) => x + y, Points);
        Check(new SubtractOperation(), (x, y) => x - y, Points);
        Check(new MultiplyOperation(), (x, y) => x * y, Points);
        Check(new DivideOperation(), (x, y) => x / y, Points);
        Check(new MaximumOperation(), Math.Max, Points);
        Check(new MinimumOperation(), Math.Min, Points);
        Check(new PowerOperation(), Math.Pow, Positive[..6]);
        Check(new Atan2Operation(), Math.Atan2, Points, 1e-9);
        Check(new RemainderOperation(), (x, y) => x - y * Math.Floor(x / y), NotMultiples);
        Check(new FloorDivideOperation(), (x, y) => Math.Floor(x / y), NotMultiples);
        Check(new LessOperation(), (x, y) => x < y ? 1 : 0, Points);
        Check(new LessOrEqualOperation(), (x, y) => x <= y ? 1 : 0, Points);
        Check(new GreaterOperation(), (x, y) => x > y ? 1 : 0, Points);
        Check(new GreaterOrEqualOperation(), (x, y) => x >= y ? 1 : 0, Points);
        Check(new EqualOperation(), (x, y) => x == y ? 1 : 0, Points);
        Check(new NotEqualOperation(), (x, y) => x != y ? 1 : 0, Points);
    }

    [Fact]
    public void Powers_of_special_values_are_those_of_pow()
    {
        const double Infinity = double.PositiveInfinity;
        float[] bases = [float.NegativeInfinity, -2, -1, -0.5f, -0f, 0, 0.5f, 1, 2, float.PositiveInfinity, float.NaN];
        foreach (var y in (double[])[-Infinity, -65, -3, -2, -1.5, -0.5, 0, 0.5, 1, 2, 2.5, 3, 65, Infinity, double.NaN])
        {
            var powers = Array.ConvertAll([1, 4, 8, 16], width =>
                LaneWidths.Apply(width, new PowerConstantOperation((float)y), [.. bases, .. bases]));
            for (var i = 0; i < bases.Length; i++)
            {
                var expected = Math.Pow(bases[i], y);
                Check(new PowerOperation().Apply<LaneDouble>(bases[i], y).Value, expected, 1e-12, i);
                foreach (var power in powers)
                {
                    Check(power[i], (float)expected, 1e-5, i);
                    Check(power[i + bases.Length], (float)expected, 1e-5, i);
                }
            }

            void Check(double actual, double expected, double tolerance, int i)
            {
                var isIt = actual.Equals(expected) && double.IsNegative(actual) == double.IsNegative(expected);
                (isIt || double.IsNaN(expected) && double.IsNaN(actual)
                    || Math.Abs(actual - expected) < tolerance * Math.Abs(expected))
                    .Should().BeTrue($"{bases[i]}^{y} is {expected}, not {actual}");
            }
        }
    }

    private static void Check<TOperation>(TOperation operation, Func<double, double> oracle, double[] points)
        where TOperation : struct, IUnaryOperation
    {
        var floats = LaneWidths.Apply(16, operation, [.. points.Select(x => (float)x)]);
        for (var i = 0; i < points.Length; i++)
        {
            double x = points[i], y = Value(x), h = 1e-6 * Math.Max(1e-2, Math.Abs(x));
            y.Should().BeApproximately(oracle(x), 2e-7 * Math.Abs(y) + 1e-12, $"{typeof(TOperation).Name} of {x}");
            Oracle.RelativeError(floats[i], oracle((float)x))
                .Should().BeLessThan(2e-6, $"{typeof(TOperation).Name} of {x} in floats");
            var slope = operation.Derivative<LaneDouble>(x, y).Value;
            slope.Should().BeApproximately((Value(x + h) - Value(x - h)) / (2 * h), 1e-6 * (1 + Math.Abs(slope)),
                $"derivative of {typeof(TOperation).Name} at {x}");
        }

        double Value(double x) => operation.Apply<LaneDouble>(x).Value;
    }

    private static void Check<TOperation>(TOperation operation, Func<double, double, double> oracle, double[] points,
        double tolerance = 1e-12)
        where TOperation : struct, IBinaryOperation
    {
        foreach (var x in points)
        {
            foreach (var y in points)
            {
                double z = Value(x, y), h = 1e-6;
                z.Should().BeApproximately(oracle(x, y), tolerance * (1 + Math.Abs(z)),
                    $"{typeof(TOperation).Name} of {x} and {y}");
                if (x == y)
                    continue;
                double dX = operation.DerivativeX<LaneDouble>(x, y, z).Value,
                    dY = operation.DerivativeY<LaneDouble>(x, y, z).Value;
                dX.Should().BeApproximately((Value(x + h, y) - Value(x - h, y)) / (2 * h), 1e-5 * (1 + Math.Abs(dX)),
                    $"{typeof(TOperation).Name} by x at {x}, {y}");
                dY.Should().BeApproximately((Value(x, y + h) - Value(x, y - h)) / (2 * h), 1e-5 * (1 + Math.Abs(dY)),
                    $"{typeof(TOperation).Name} by y at {x}, {y}");
            }
        }

        double Value(double x, double y) => operation.Apply<LaneDouble>(x, y).Value;
    }
}
