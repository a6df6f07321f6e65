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
            (x.Power(3f), v => v * v * v), (Tensor.Power(x, x), v => Math.Pow(v, v)),
        })
        {
            Plain.Of(values, 5).Map(formula).ShouldBeNear(result);
        }
    }

    [Fact]
    public void A_clamp_needs_its_bounds_in_order() =>
        FluentActions.Invoking(() => Tensor.Ones([1]).Clamp(2f, 1f))
            .Should().Throw<ArgumentException>().WithMessage("Clamp: low should not be above high; got 2 and 1.");
}
