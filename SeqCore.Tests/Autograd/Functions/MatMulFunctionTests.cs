using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class MatMulFunctionTests
{
    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 2, 4, 5 })]
    [InlineData(new[] { 3, 4 }, new[] { 2, 4, 5 })]
    [InlineData(new[] { 2, 1, 3, 4 }, new[] { 3, 4, 2 })]
    [InlineData(new[] { 4 }, new[] { 4 })]
    [InlineData(new[] { 4 }, new[] { 4, 5 })]
    [InlineData(new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 4 }, new[] { 2, 4, 3 })]
    [InlineData(new[] { 1, 1 }, new[] { 1, 1 })]
    public void Gradient_matches_finite_differences(int[] a, int[] b) =>
        GradientCheck.Run(x => Variable.MatMul(x[0], x[1]), [Samples.Of(1, a), Samples.Of(2, b)]);

    [Fact]
    public void Gradient_through_transposed_operands_matches_finite_differences() =>
        GradientCheck.Run(x => Variable.MatMul(x[0].Transpose(), x[1].Transpose()),
            [Samples.Of(1, 2, 4, 3), Samples.Of(2, 5, 4)]);

    [Fact]
    public void Product_and_gradient_match_the_definition_in_double()
    {
        const int m = 7, k = 33, n = 5;
        GradientCheck.Run(x => Variable.MatMul(x[0], x[1]), x =>
        {
            var c = new double[m * n];
            Definition.MatMul(x[0], x[1], c, m, n, k);
            return c;
        }, [Samples.Of(1, m, k), Samples.Of(2, k, n)],
            new GradientCheckOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-5 });
    }

    [Fact]
    public void Inner_sizes_that_differ_are_named() =>
        FluentActions.Invoking(() => Variable.MatMul(Samples.Of(1, 3, 4), Samples.Of(2, 5, 4)))
            .Should().Throw<ShapeException>().WithMessage("MatMul: b*Transpose*");
}
