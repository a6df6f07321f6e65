using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class LinearFunctionTests
{
    [Theory]
    [InlineData(new[] { 4 })]
    [InlineData(new[] { 3, 4 })]
    [InlineData(new[] { 2, 3, 4 })]
    public void Gradient_matches_finite_differences(int[] x)
    {
        GradientCheck.Run(v => v[0].Linear(v[1], v[2]), [Samples.Of(1, x), Samples.Of(2, 5, 4), Samples.Of(3, 5)]);
        GradientCheck.Run(v => v[0].Linear(v[1]), [Samples.Of(1, x), Samples.Of(2, 5, 4)]);
    }

    [Fact]
    public void Gradient_through_views_matches_finite_differences() =>
        GradientCheck.Run(v => v[0].Transpose().Linear(v[1].Transpose(), v[2]),
            [Samples.Of(1, 4, 3), Samples.Of(2, 4, 5), Samples.Of(3, 5)]);

    [Fact]
    public void Result_and_gradient_match_the_definition_in_double() =>
        GradientCheck.Run(v => v[0].Linear(v[1], v[2]), v =>
        {
            var y = new double[3 * 5];
            Definition.MatMul(v[0], v[1], y, 3, 5, 4, transposeB: true, bias: v[2]);
            return y;
        }, [Samples.Of(1, 3, 4), Samples.Of(2, 5, 4), Samples.Of(3, 5)],
            new GradientCheckOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-5 });

    [Fact]
    public void Wrong_shapes_are_named()
    {
        Variable x = Samples.Of(1, 3, 4);
        x.Invoking(v => v.Linear(Samples.Of(1, 4))).Should().Throw<ShapeException>().WithMessage("Linear: weight*(O, I)*");
        x.Invoking(v => v.Linear(Samples.Of(1, 4, 5)))
            .Should().Throw<ShapeException>().WithMessage("Linear: x*(..., 5)*(3, 4)*transposed*");
        x.Invoking(v => v.Linear(Samples.Of(1, 5, 4), Samples.Of(1, 4)))
            .Should().Throw<ShapeException>().WithMessage("Linear: bias*(5,)*(4,)*");
    }
}
