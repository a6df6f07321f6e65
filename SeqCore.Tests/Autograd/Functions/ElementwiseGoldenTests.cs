using System.Text.Json;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>
/// Functions of one and of two elements at edges and at random numbers, with the results and derivatives that PyTorch computes in
/// float64.
/// </summary>
public class ElementwiseGoldenTests
{
    private static readonly JsonElement Goldens = Golden.Read("elementwise.json");

    private static readonly Dictionary<string, Func<Variable, Variable>> Functions = new()
    {
        ["exp"] = x => x.Exp(), ["log"] = x => x.Log(), ["sqrt"] = x => x.Sqrt(), ["rsqrt"] = x => x.Rsqrt(),
        ["reciprocal"] = x => x.Reciprocal(), ["square"] = x => x.Square(), ["abs"] = x => x.Abs(), ["sign"] = x => x.Sign(),
        ["floor"] = x => x.Floor(), ["ceil"] = x => x.Ceiling(), ["round"] = x => x.Round(), ["trunc"] = x => x.Truncate(),
        ["tanh"] = x => x.Tanh(), ["sigmoid"] = x => x.Sigmoid(), ["erf"] = x => x.Erf(), ["sin"] = x => x.Sin(),
        ["cos"] = x => x.Cos(), ["tan"] = x => x.Tan(), ["asin"] = x => x.Asin(), ["acos"] = x => x.Acos(),
        ["atan"] = x => x.Atan(), ["sinh"] = x => x.Sinh(), ["cosh"] = x => x.Cosh(), ["asinh"] = x => x.Asinh(),
        ["acosh"] = x => x.Acosh(), ["atanh"] = x => x.Atanh(), ["log1p"] = x => x.Log1p(), ["expm1"] = x => x.Expm1(),
        ["log2"] = x => x.Log2(), ["log10"] = x => x.Log10(), ["exp2"] = x => x.Exp2(), ["neg"] = x => -x,
        ["cbrt"] = x => x.Cbrt(), ["relu"] = x => x.Relu(), ["silu"] = x => x.Silu(), ["softplus"] = x => x.Softplus(),
        ["mish"] = x => x.Mish(), ["gelu"] = x => x.Gelu(), ["elu"] = x => x.Elu(), ["selu"] = x => x.Selu(),
        ["relu6"] = x => x.Relu6(), ["hardtanh"] = x => x.Hardtanh(), ["hardsigmoid"] = x => x.Hardsigmoid(),
        ["hardswish"] = x => x.Hardswish(), ["logsigmoid"] = x => x.LogSigmoid(), ["softsign"] = x => x.Softsign(),
        ["gelu_tanh"] = x => x.GeluTanh(), ["leaky_relu 0.2"] = x => x.LeakyRelu(0.2f), ["elu 0.7"] = x => x.Elu(0.7f),
        ["celu 1.5"] = x => x.Celu(1.5f), ["clamp -0.5 2.5"] = x => x.Clamp(-0.5f, 2.5f),
        ["hardtanh -2 0.5"] = x => x.Hardtanh(-2f, 0.5f), ["power 2"] = x => x.Power(2f), ["power 3"] = x => x.Power(3f),
        ["power 0.5"] = x => x.Power(0.5f), ["power -1"] = x => x.Power(-1f), ["power 0"] = x => x.Power(0f),
        ["power 2.5"] = x => x.Power(2.5f), ["power 1"] = x => x.Power(1f),
        ["isnan"] = x => BoolTensor.IsNaN(x.Value).ToTensor(), ["isinf"] = x => BoolTensor.IsInfinity(x.Value).ToTensor(),
        ["isfinite"] = x => BoolTensor.IsFinite(x.Value).ToTensor(),
    };

    private static readonly Dictionary<string, Func<Variable, Variable, Variable>> Pairs = new()
    {
        ["add"] = (x, y) => x + y, ["sub"] = (x, y) => x - y, ["mul"] = (x, y) => x * y, ["div"] = (x, y) => x / y,
        ["atan2"] = Variable.Atan2, ["remainder"] = Variable.Remainder, ["floor_divide"] = Variable.FloorDivide,
        ["maximum"] = Variable.Maximum, ["minimum"] = Variable.Minimum, ["pow"] = Variable.Power,
        ["lt"] = (x, y) => (x.Value < y.Value).ToTensor(), ["le"] = (x, y) => (x.Value <= y.Value).ToTensor(),
        ["gt"] = (x, y) => (x.Value > y.Value).ToTensor(), ["ge"] = (x, y) => (x.Value >= y.Value).ToTensor(),
        ["eq"] = (x, y) => x.Value.EqualTo(y.Value).ToTensor(), ["ne"] = (x, y) => x.Value.NotEqualTo(y.Value).ToTensor(),
    };

    private const double FewSubnormals = 4 * 1.4e-45;

    public static TheoryData<string> UnaryNames => [.. Goldens.GetProperty("unary").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> BinaryNames => [.. Goldens.GetProperty("binary").EnumerateObject().Select(p => p.Name)];

    /// <summary>
    /// Where results differ from PyTorch's on purpose, as the comments of the operations say: at these arguments both are left
    /// alone. Derivative 0 is the first, and -1 means the result.
    /// </summary>
    private static readonly (string Names, int Derivative, Func<float, float, bool> At)[] Differences =
    [
        // The limit, where PyTorch multiplies infinity by 0 or divides it by itself.
        ("silu mish gelu gelu_tanh softsign hardswish", -1, (x, _) => float.IsInfinity(x)),
        ("silu mish gelu gelu_tanh", 0, (x, _) => float.IsInfinity(x)),
        ("atan2", 0, (y, x) => (y == 0f && x == 0f) || float.IsInfinity(y) || float.IsInfinity(x)),
        ("atan2", 1, (y, x) => (y == 0f && x == 0f) || float.IsInfinity(y) || float.IsInfinity(x)),

        // No gradient where an element is NaN; in PyTorch the whole one.
        ("relu", 0, (x, _) => float.IsNaN(x)),
        ("maximum minimum", 0, (x, y) => float.IsNaN(x + y)),
        ("maximum minimum", 1, (x, y) => float.IsNaN(x + y)),

        // The slope on one side of a corner.
        ("hardswish", 0, (x, _) => Math.Abs(x) == 3f),

        // -0 is 0, so the slope is that of 0.
        ("rsqrt", 0, (x, _) => x == 0f),

        // NaN outside of the domain, as the function is.
        ("acosh", 0, (x, _) => x < 1f),

        // NaN where the result is, although float64 has y - 1 = -1 for a small y; and 1 / x leaves the range of floats.
        ("pow", 0, (x, y) => float.IsNaN(x) || (x < 0f && y != MathF.Floor(y)) || Math.Abs(x) < 2.9e-39f),

        // Every whole y this large is even, and y - 1 odd; in float64 y - 1 is even too.
        ("pow", 0, (x, y) => x < 0f && Math.Abs(y) > 1e16f),

        // 0 where the result is 0 or the base infinite; elsewhere 0 times infinity.
        ("pow", 1, (x, y) => x < 0f || float.IsInfinity(x)),

        // Beyond the largest float within the relative error.
        ("pow", -1, (x, y) => Math.Abs(x) == float.MaxValue && y == 1f),
    ];

    [Theory, MemberData(nameof(UnaryNames))]
    public void A_function_and_its_derivative_are_those_of_PyTorch(string name) =>
        Check(name, Goldens.GetProperty("unary").GetProperty(name), x => Functions[name](x[0]), "x");

    [Theory, MemberData(nameof(BinaryNames))]
    public void A_function_of_two_and_its_derivatives_are_those_of_PyTorch(string name) =>
        Check(name, Goldens.GetProperty("binary").GetProperty(name), x => Pairs[name](x[0], x[1]), "a", "b");

    private static void Check(string name, JsonElement golden, Func<Variable[], Variable> function, params string[] operands)
    {
        using var tape = new Tape();
        float[][] arguments = [.. operands.Select(o => Goldens.GetProperty(o).Floats())];
        Variable[] inputs = [.. arguments.Select(a => new Variable(Tensor.FromArray(a), requiresGradient: true))];
        var y = function(inputs);
        var wrong = new List<string>();
        Compare(-1, y.Value.ToArray(), golden.GetProperty("y").Floats());
        if (golden.TryGetProperty("d", out var derivatives))
        {
            tape.Backward(y.Sum());
            for (var i = 0; i < inputs.Length; i++)
                Compare(i, inputs[i].Gradient!.ToArray(), derivatives[i].Floats());
        }

        string.Join("\n", wrong).Should().BeEmpty();

        void Compare(int derivative, float[] actual, float[] expected)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                float a = arguments[0][i], b = arguments[^1][i];
                if (IsNear(actual[i], expected[i], Tolerance(name, derivative, a, b))
                    || Differences.Any(d => d.Names.Split(' ').Contains(name) && d.Derivative == derivative && d.At(a, b)))
                    continue;
                var what = derivative < 0 ? "result" : $"derivative {derivative}";
                wrong.Add(FormattableString.Invariant(
                    $"{name} of {a:g9} and {b:g9}: {what} {actual[i]:g9}, not {expected[i]:g9}"));
            }
        }
    }

    /// <summary>The relative and the absolute error that is allowed: 4 ulp, or what the comment of the operation says.</summary>
    private static (double Relative, double Absolute) Tolerance(string name, int derivative, float x, float y)
    {
        const double Few = 4.8e-7;
        var exponent = name == "pow" ? y : name.StartsWith("power ", StringComparison.Ordinal)
            ? double.Parse(name["power ".Length..], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        exponent -= exponent != 0 && derivative == 0 ? 1 : 0;
        if (exponent != 0)
        {
            // About 1e-7 (1 + |y log x|), and a power of a subnormal base may leave the range of floats.
            var size = Math.Abs(exponent * Math.Log(Math.Abs(x)));
            return (2e-7 * (3 + (double.IsFinite(size) ? size : 0)), derivative < 0 ? 0 : 1.2e-38);
        }

        return (name, derivative) switch
        {
            // Computed from the result, as PyTorch computes them in float32.
            ("tanh" or "sigmoid" or "expm1" or "elu" or "elu 0.7" or "celu 1.5" or "selu", 0) => (Few, 3.6e-7),

            // Terms that cancel.
            ("silu" or "mish" or "gelu" or "gelu_tanh" or "hardswish", 0) => (Few, 1.2e-7),

            // The rounding error of the exponent.
            ("erf", 0) => (Few + 6e-8 * x * x, 0),
            ("gelu_tanh", -1) => (Few + 4e-9 * Math.Abs(x * x * x), 0),

            // Results below the smallest normal number.
            ("silu" or "mish", -1) or ("atan" or "atanh", 0) => (Few, 1.2e-38),
            _ => (Few, 0),
        };
    }

    private static bool IsNear(float actual, float expected, (double Relative, double Absolute) tolerance) =>
        actual.Equals(expected) || actual == expected || (float.IsFinite(actual) && float.IsFinite(expected)
            && Math.Abs((double)actual - expected)
                <= Math.Max(tolerance.Absolute, tolerance.Relative * Math.Abs(expected)) + FewSubnormals);
}
