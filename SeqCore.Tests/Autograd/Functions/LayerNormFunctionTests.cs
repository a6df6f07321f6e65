using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class LayerNormFunctionTests
{
    private static double[] Rows(double[] x, double[]? weight, double[]? bias, int columns) =>
        [.. x.Chunk(columns).SelectMany(row => Definition.LayerNorm(row, weight, bias, 1e-5).Y)];

    private static readonly GradientCheckOptions Tight = new() { RelativeTolerance = 2e-5, AbsoluteTolerance = 1e-5 };

    [Theory]
    [InlineData(new[] { 8 })]
    [InlineData(new[] { 5, 33 })]
    [InlineData(new[] { 2, 3, 4 })]
    public void Result_and_gradient_match_the_definition_in_double(int[] shape)
    {
        var (x, weight, bias) = (Samples.Of(1, shape), Samples.Uniform(2, 0.5, 1.5, shape[^1]), Samples.Of(3, shape[^1]));
        GradientCheck.Run(v => v[0].LayerNorm(v[1], v[2]), v => Rows(v[0], v[1], v[2], shape[^1]),
            [x, weight, bias], Tight);
        GradientCheck.Run(v => v[0].LayerNorm(v[1]), v => Rows(v[0], v[1], null, shape[^1]), [x, weight], Tight);
        GradientCheck.Run(v => v[0].LayerNorm(null, v[1]), v => Rows(v[0], null, v[1], shape[^1]), [x, bias], Tight);
        GradientCheck.Run(v => v[0].LayerNorm(), v => Rows(v[0], null, null, shape[^1]), [x], Tight);
    }

    [Fact]
    public void A_transposed_view_works_as_well() =>
        GradientCheck.Run(x => x[0].Transpose().LayerNorm(), [Samples.Spread(1, 6, 3)]);

    [Fact]
    public void Wrong_shapes_are_named()
    {
        Variable x = Samples.Of(1, 3, 4);
        x.Invoking(v => v.LayerNorm(Samples.Of(1, 3))).Should().Throw<ShapeException>()
            .WithMessage("LayerNorm: weight should have shape (D,) = (4,) because x is (3, 4); got (3,).");
        x.Invoking(v => v.LayerNorm(null, Samples.Of(1, 1, 4)))
            .Should().Throw<ShapeException>().WithMessage("LayerNorm: bias*(4,)*(1, 4)*");
    }
}
