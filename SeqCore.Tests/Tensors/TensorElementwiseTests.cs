namespace SeqCore.Tests.Tensors;

public class TensorElementwiseTests
{
    [Fact]
    public void Named_methods_are_the_functions_they_are_named_after()
    {
        float[] values = [0.25f, 1f, 1.5f, 2.5f, 3f];
        using var x = Tensor.FromArray(values);
        foreach (var (result, formula) in new (Tensor, Func<double, double>)[]
        {
            (x.Exp(), Math.Exp), (x.Log(), Math.Log), (x.Sqrt(), Math.Sqrt), (x.Rsqrt(), v => 1 / Math.Sqrt(v)),
            (x.Reciprocal(), v => 1 / v),
            (x.Square(), v => v * v), ((-x).Abs(), v => v), ((-x).Sign(), _ => -1), (x.Floor(), Math.Floor),
            (x.Ceiling(), Math.Ceiling), (x.Round(), Math.Round),
            (x.Tanh(), Math.Tanh), (x.Sigmoid(), v => 1 / (1 + Math.Exp(-v))), ((-x).Relu(), _ => 0),
            (x.Silu(), v => v / (1 + Math.Exp(-v))),
            (x.Softplus(), v => Math.Log(1 + Math.Exp(v))), (x.Erf(), TruncatedNormal.Erf),
            (x.Mish(), v => v * Math.Tanh(Math.Log(1 + Math.Exp(v)))),
            (x.Gelu(), v => v / 2 * (1 + TruncatedNormal.Erf(v / Math.Sqrt(2)))),
            (x.GeluTanh(), v => v / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))),
            ((-x).LeakyRelu(0.5f), v => -v / 2),
            ((-x).Elu(2f), v => 2 * (Math.Exp(-v) - 1)), (x.Clamp(1f, 2f), v => Math.Clamp(v, 1, 2)),
            (x.Sin(), Math.Sin), (x.Cos(), Math.Cos), (x.Tan(), Math.Tan), ((x / 4f).Asin(), v => Math.Asin(v / 4)),
            ((x / 4f).Acos(), v => Math.Acos(v / 4)), (x.Atan(), Math.Atan), (x.Sinh(), Math.Sinh), (x.Cosh(), Math.Cosh),
            (x.Asinh(), Math.Asinh), ((x + 1f).Acosh(), v => Math.Acosh(v + 1)), ((x / 4f).Atanh(), v => Math.Atanh(v / 4)),
            (x.Log1p(), v => Math.Log(1 + v)), (x.Expm1(), v => Math.Exp(v) - 1), (x.Log2(), Math.Log2), (x.Log10(), Math.Log10),
            (x.Exp2(), v => Math.Pow(2, v)), (x.Cbrt(), Math.Cbrt), ((-x).Truncate(), v => -Math.Floor(v)),
            (x.LogSigmoid(), v => -Math.Log(1 + Math.Exp(-v))), (x.Softsign(), v => v / (1 + v)),
            ((-x).Selu(), v => 1.7580993408473766 * (Math.Exp(-v) - 1)), ((-x).Celu(2f), v => 2 * (Math.Exp(-v / 2) - 1)),
            (x.Hardtanh(), v => Math.Min(v, 1)), ((x * 3f).Relu6(), v => Math.Min(v * 3, 6)),
            (x.Hardsigmoid(), v => v / 6 + 0.5), (x.Hardswish(), v => v * (v / 6 + 0.5)),
            (Tensor.Atan2(x, -x), _ => 3 * Math.PI / 4), (x.Remainder(-2f), v => v - 2 * Math.Ceiling(v / 2)),
            (x.FloorDivide(-2f), v => Math.Floor(-v / 2)), (Tensor.Remainder(x, x + x), v => v),
            (Tensor.FloorDivide(-x, x), _ => -1),
            (x.Power(3f), v => v * v * v), (Tensor.Power(x, x), v => Math.Pow(v, v)),
        })
        {
            Plain.Of(values, 5).Map(formula).ShouldBeNear(result);
        }
    }

    // Python: [x % y for y in ys for x in xs] and x // y.
    [Fact]
    public void Remainders_and_whole_quotients_are_those_of_Python()
    {
        float[] xs = [7f, -7f, 0f, -0f, 5.5f, 1e30f, -1e30f, 0.3f, float.MaxValue, 1e-40f];
        float[] ys = [3f, -3f, 0.1f, -1e-3f, 1e-30f, float.PositiveInfinity, float.NegativeInfinity];
        using var x = Tensor.FromArray(xs);
        foreach (var y in ys)
        {
            using var divisor = Tensor.Full([1], y);
            Check(x.Remainder(y).ToArray(), Tensor.Remainder(x, divisor).ToArray(), (a, b) => Python(a, b).Remainder);
            Check(x.FloorDivide(y).ToArray(), Tensor.FloorDivide(x, divisor).ToArray(), (a, b) => Python(a, b).Quotient);

            void Check(float[] withNumber, float[] withTensor, Func<double, double, double> expected)
            {
                withNumber.Should().Equal(withTensor);
                for (var i = 0; i < xs.Length; i++)
                {
                    var exact = (float)expected(xs[i], y);
                    (BitConverter.SingleToInt32Bits(withNumber[i]) == BitConverter.SingleToInt32Bits(exact)
                        || Math.Abs(withNumber[i] - exact) <= 1.2e-7 * Math.Abs(exact) && exact != 0)
                        .Should().BeTrue($"{xs[i]:R} and {y:R} give {exact:R}, not {withNumber[i]:R}");
                }
            }
        }

        x.Remainder(0f).ToArray().Should().AllSatisfy(r => r.Should().Be(float.NaN));
        x.FloorDivide(0f).ToArray()[..2].Should().Equal(float.PositiveInfinity, float.NegativeInfinity);
    }

    // float_divmod of CPython.
    private static (double Remainder, double Quotient) Python(double x, double y)
    {
        double rest = x % y, quotient = (x - rest) / y;
        if (rest == 0)
            rest = Math.CopySign(0, y);
        else if (y < 0 != rest < 0)
            (rest, quotient) = (rest + y, quotient - 1);
        var whole = Math.Floor(quotient);
        return (rest, quotient == 0 ? Math.CopySign(0, x / y) : quotient - whole > 0.5 ? whole + 1 : whole);
    }

    [Fact]
    public void Angles_of_points_with_zeros_and_infinities_are_those_of_IEEE()
    {
        float[] values = [0f, -0f, 1f, -1f, 1e-40f, -3e38f, 2e-30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        using var x = Tensor.FromArray(values);
        var angles = Tensor.Atan2(x.Reshape(values.Length, 1), x).ToArray();
        for (var i = 0; i < angles.Length; i++)
        {
            double y = values[i / values.Length], angle = Math.Atan2(y, values[i % values.Length]);
            (angles[i].Equals((float)angle) && float.IsNegative(angles[i]) == double.IsNegative(angle)
                || Math.Abs(angles[i] - angle) <= 3e-7 * Math.Abs(angle) + 1e-45 || double.IsNaN(angle) && float.IsNaN(angles[i]))
                .Should().BeTrue($"atan2({y}, {values[i % values.Length]}) is {angle}, not {angles[i]}");
        }
    }

    [Fact]
    public void A_clamp_needs_its_bounds_in_order() =>
        FluentActions.Invoking(() => Tensor.Ones([1]).Clamp(2f, 1f))
            .Should().Throw<ArgumentException>().WithMessage("Clamp: low should not be above high; got 2 and 1.");
}
