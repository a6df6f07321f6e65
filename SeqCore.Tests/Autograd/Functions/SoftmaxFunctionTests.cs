using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class SoftmaxFunctionTests
{
    private static readonly GradientCheckOptions Tight = new() { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-6 };

    private static double[] Rows(double[] x, int columns, Func<double[], double[]> row) => [.. x.Chunk(columns).SelectMany(row)];

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 7 })]
    [InlineData(new[] { 2, 3, 17 })]
    public void Softmax_and_its_gradient_match_the_definition_in_double(int[] shape) =>
        GradientCheck.Run(x => x[0].Softmax(), x => Rows(x[0], shape[^1], r => Definition.Softmax(r)),
            [Samples.Uniform(1, -3, 3, shape)], Tight);

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 7 })]
    [InlineData(new[] { 2, 3, 17 })]
    public void Log_softmax_and_its_gradient_match_the_definition_in_double(int[] shape) =>
        GradientCheck.Run(x => x[0].LogSoftmax(), x => Rows(x[0], shape[^1], r => Definition.LogSoftmax(r)),
            [Samples.Uniform(1, -3, 3, shape)], Tight);

    [Fact]
    public void A_transposed_view_works_as_well()
    {
        GradientCheck.Run(x => x[0].Transpose().Softmax(), [Samples.Of(1, 5, 3)]);
        GradientCheck.Run(x => x[0].Transpose().LogSoftmax(), [Samples.Of(1, 5, 3)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Any_axis_may_be_the_one(int axis)
    {
        var x = Samples.Of(1, 3, 4, 5);
        new Variable(x).Softmax(axis).Value.ToArray().Should().Equal(x.Softmax(axis).ToArray());
        new Variable(x).LogSoftmax(axis).Value.ToArray().Should().Equal(x.LogSoftmax(axis).ToArray());
        GradientCheck.Run(v => v[0].Softmax(axis), [x]);
        GradientCheck.Run(v => v[0].LogSoftmax(axis), [x]);
    }

    [Fact]
    public void A_scalar_has_no_axis_to_work_along()
    {
        Variable x = Tensor.Zeros(Shape.Scalar);
        x.Invoking(v => v.Softmax()).Should().Throw<ShapeException>().WithMessage("Softmax: x should have shape (..., V)*");
        x.Invoking(v => v.LogSoftmax()).Should().Throw<ShapeException>().WithMessage("LogSoftmax: x should have shape (..., V)*");
    }
}
