using SeqCore.Kernels;
using Operation = System.Func<SeqCore.Variable, SeqCore.Variable>;

namespace SeqCore.Tests.Autograd.Functions;

public class UnaryFunctionTests
{
    public static TheoryData<string, Operation, double, double> Smooth => new()
    {
        { "exp", x => x.Exp(), -2, 2 },
        { "log", x => x.Log(), 0.5, 3 },
        { "square", x => x.Square(), -2, 2 },
        { "sqrt", x => x.Sqrt(), 0.5, 3 },
        { "rsqrt", x => x.Rsqrt(), 0.5, 3 },
        { "reciprocal", x => x.Reciprocal(), 0.5, 3 },
        { "cube", x => x.Power(3f), -2, 2 },
        { "power", x => x.Power(1.7f), 0.5, 3 },
        { "tanh", x => x.Tanh(), -2, 2 },
        { "sigmoid", x => x.Sigmoid(), -4, 4 },
        { "erf", x => x.Erf(), -2, 2 },
        { "silu", x => x.Silu(), -4, 4 },
        { "softplus", x => x.Softplus(), -4, 4 },
        { "mish", x => x.Mish(), -4, 4 },
        { "gelu", x => x.Gelu(), -3, 3 },
        { "gelu tanh", x => x.GeluTanh(), -3, 3 },
        { "sin", x => x.Sin(), -3, 3 },
        { "cos", x => x.Cos(), -3, 3 },
        { "tan", x => x.Tan(), -1, 1 },
        { "asin", x => x.Asin(), -0.8, 0.8 },
        { "acos", x => x.Acos(), -0.8, 0.8 },
        { "atan", x => x.Atan(), -3, 3 },
        { "sinh", x => x.Sinh(), -2, 2 },
        { "cosh", x => x.Cosh(), -2, 2 },
        { "asinh", x => x.Asinh(), -3, 3 },
        { "acosh", x => x.Acosh(), 1.5, 4 },
        { "atanh", x => x.Atanh(), -0.8, 0.8 },
        { "log1p", x => x.Log1p(), -0.5, 3 },
        { "expm1", x => x.Expm1(), -2, 2 },
        { "log2", x => x.Log2(), 0.5, 3 },
        { "log10", x => x.Log10(), 0.5, 3 },
        { "exp2", x => x.Exp2(), -3, 3 },
        { "cbrt", x => x.Cbrt(), 0.5, 3 },
        { "log sigmoid", x => x.LogSigmoid(), -4, 4 },
        { "softsign", x => x.Softsign(), 0.2, 3 },
        { "remainder", x => x.Remainder(10f), 1, 9 },
        { "a caller's own", x => x.Map(new Quartic()), -2, 2 },
    };

    public static TheoryData<string, Operation> WithAKink => new()
    {
        { "abs", x => x.Abs() },
        { "relu", x => x.Relu() },
        { "leaky relu", x => x.LeakyRelu(0.1f) },
        { "elu", x => x.Elu(0.7f) },
        { "clamp", x => x.Clamp(-1.2f, 1.2f) },
        { "hardtanh", x => x.Hardtanh(-1.2f, 1.2f) },
        { "relu6", x => (x * 5f).Relu6() },
        { "selu", x => x.Selu() },
        { "celu", x => x.Celu(0.7f) },
        { "hardsigmoid", x => (x * 2.5f).Hardsigmoid() },
        { "hardswish", x => (x * 2.5f).Hardswish() },
    };

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Gradient_matches_finite_differences(string name, Operation operation, double low, double high)
    {
        name.Should().NotBeEmpty();
        GradientCheck.Run(x => operation(x[0]), [Samples.Uniform(1, low, high, 5, 7)]);
        GradientCheck.Run(x => operation(x[0].Transpose()), [Samples.Uniform(2, low, high, 5, 7)]);
    }

    /// <summary>No element of the sample lies within 0.3 of 0, nor within 0.09 of 1.2.</summary>
    [Theory]
    [MemberData(nameof(WithAKink))]
    public void Gradient_beside_a_kink_matches_finite_differences(string name, Operation operation)
    {
        name.Should().NotBeEmpty();
        GradientCheck.Run(x => operation(x[0]), [Samples.Spread(1, 4, 3)], new GradientCheckOptions { Step = 1.0 / 64 });
    }

    [Fact]
    public void Binary_operations_hand_both_sides_their_gradient()
    {
        GradientCheck.Run(x => Variable.Power(x[0], x[1]), [Samples.Uniform(1, 0.5, 2, 3, 4), Samples.Uniform(2, -2, 2, 4)]);
        GradientCheck.Run(x => Variable.Atan2(x[0], x[1]), [Samples.Uniform(1, 0.5, 2, 3, 4), Samples.Uniform(2, -2, 2, 4)]);
        GradientCheck.Run(x => Variable.Remainder(x[0], x[1]),
            [Samples.Uniform(1, 4.2, 5.8, 3, 4), Samples.Uniform(2, 1.97, 2.03, 4)]);
        GradientCheck.Run(x => Variable.Maximum(x[0], x[1]),
            [Samples.Spread(1, 3, 4), Samples.Spread(2, 3, 4).Transpose(0, 1).Copy().Reshape(3, 4) + 0.15f]);
        GradientCheck.Run(x => Variable.Minimum(x[0], x[1]),
            [Samples.Spread(1, 3, 4), Samples.Spread(2, 3, 4).Transpose(0, 1).Copy().Reshape(3, 4) + 0.15f]);
    }

    [Fact]
    public void Gradients_far_out_are_the_limits()
    {
        const float Infinity = float.PositiveInfinity;
        Variable y = new(Tensor.FromArray([Infinity, 1f, -Infinity, 1e30f, 0f]), true);
        Variable x = new(Tensor.FromArray([1f, -Infinity, Infinity, 1e30f, 0f]), true);
        Variable far = new(Tensor.FromArray([1e20f, -1e20f, 1e4f, 3e38f, -Infinity, 2f]), true);
        using var tape = new Tape();
        tape.Backward(Variable.Atan2(y, x).Sum() + far.Asinh().Sum());
        Check(y, [0f, 0f, 0f, 5e-31f, 0f]);
        Check(x, [0f, 0f, 0f, -5e-31f, 0f]);
        Check(far, [1e-20f, 1e-20f, 1e-4f, 3.3333333e-39f, 0f, 0.4472136f]);

        static void Check(Variable at, float[] expected)
        {
            var slopes = at.Gradient!.ToArray();
            for (var i = 0; i < expected.Length; i++)
                slopes[i].Should().BeApproximately(expected[i], 1e-6f * Math.Abs(expected[i]));
        }
    }

    [Fact]
    public void Equal_operands_of_a_maximum_share_the_gradient()
    {
        var (x, y) = (new Variable(Tensor.Full(new Shape(2), 1f), true), new Variable(Tensor.Full(new Shape(2), 1f), true));
        using var tape = new Tape();
        tape.Backward(Variable.Maximum(x, y).Sum());
        x.Gradient!.ToArray().Should().Equal(0.5f, 0.5f);
        y.Gradient!.ToArray().Should().Equal(0.5f, 0.5f);
    }

    [Fact]
    public void Steps_have_a_gradient_of_zero()
    {
        var x = new Variable(Tensor.FromArray([-1.5f, 0f, 2.7f]), requiresGradient: true);
        using var tape = new Tape();
        (Variable Result, float[] Expected)[] steps =
        [
            (x.Sign(), [-1f, 0f, 1f]), (x.Floor(), [-2f, 0f, 2f]), (x.Ceiling(), [-1f, 0f, 3f]), (x.Round(), [-2f, 0f, 3f]),
            (x.Truncate(), [-1f, 0f, 2f]), (x.FloorDivide(2f), [-1f, 0f, 1f]),
        ];
        foreach (var (result, expected) in steps)
            result.Value.ToArray().Should().Equal(expected);
        tape.Backward(steps.Select(s => s.Result).Aggregate((a, b) => a + b).Sum());
        x.Gradient!.ToArray().Should().Equal(0f, 0f, 0f);
    }

    [Fact]
    public void Errors_call_it_by_its_name()
    {
        using var tape = new Tape(detectAnomalies: true);
        var x = new Variable(Tensor.FromSpan([-1f], new Shape(1)), requiresGradient: true);
        x.Invoking(v => v.Log()).Should().Throw<AnomalyException>().Which.Operation.Should().Be("Log");
    }

    /// <summary>x^4</summary>
    internal readonly struct Quartic : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => x * x * x * x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(4f) * x * x * x;
    }
}
