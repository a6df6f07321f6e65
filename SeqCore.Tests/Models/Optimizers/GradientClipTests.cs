using SeqCore.Models;

namespace SeqCore.Tests.Models.Optimizers;

public class GradientClipTests
{
    [Fact]
    public void Global_norm_is_over_all_gradients_together()
    {
        Parameter[] parameters = [With([3f, 0f]), new(Tensor.Full([2], 1f)), With([0f, -4f])];
        var clipped = GradientClip.ByGlobalNorm(parameters, 1f);
        clipped.Norm.Should().BeApproximately(5, 1e-6);
        clipped.Scale.Should().BeApproximately(1f / (5f + 1e-6f), 1e-6f);
        parameters[0].Gradient!.ToArray().Should().Equal(3f * clipped.Scale, 0f);
        parameters[2].Gradient!.ToArray().Should().Equal(0f, -4f * clipped.Scale);
    }

    [Fact]
    public void Gradients_that_were_clipped_are_what_a_step_uses()
    {
        using Sgd clipping = new([With([30f, 0f])], 1f), fused = new([With([30f, 0f])], 1f);
        GradientClip.ByGlobalNorm(clipping.Groups[0].Parameters, 0.5f).Dispose();
        clipping.Step();
        fused.StepClipped(0.5f).Dispose();
        foreach (var optimizer in (Sgd[])[clipping, fused])
            optimizer.Groups[0].Parameters[0].Value.ToArray().ShouldBeCloseTo([0.5f, 1f], 1e-6f, "values");
        fused.Groups[0].Parameters[0].Gradient!.ToArray().Should().Equal(30f, 0f);
    }

    [Fact]
    public void A_scalar_gradient_is_clipped_too()
    {
        var parameter = new Parameter(Tensor.Full(Shape.Scalar, 1f));
        Gradients.Set(parameter, [8f]);
        GradientClip.ByGlobalNorm([parameter], 2f).Dispose();
        parameter.Gradient!.Item().Should().BeApproximately(2f, 1e-5f);
    }

    [Fact]
    public void Small_gradients_pass_as_they_are() => GradientClip.ByGlobalNorm([With([0.3f, 0.4f])], 1f).Scale.Should().Be(1f);

    [Fact]
    public void No_gradient_has_norm_zero()
    {
        var clipped = GradientClip.ByGlobalNorm([new Parameter(Tensor.Full([2], 1f))], 1f);
        clipped.Norm.Should().Be(0);
        clipped.Scale.Should().Be(1f);
    }

    [Fact]
    public void A_norm_that_is_not_a_number_makes_the_scale_not_a_number() =>
        GradientClip.ByGlobalNorm([With([float.NaN, 1f])], 1f).Scale.Should().Be(float.NaN);

    [Fact]
    public void By_value_every_element_is_kept_between_the_bounds()
    {
        var parameter = With([3f, -0.5f, -7f, 1f]);
        GradientClip.ByValue([parameter, new Parameter(Tensor.Full([2], 1f))], 1f);
        parameter.Gradient!.ToArray().Should().Equal(1f, -0.5f, -1f, 1f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Bounds_have_to_be_above_zero(float bound)
    {
        ((Action)(() => GradientClip.ByGlobalNorm([], bound)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("GradientClip: maxNorm should be above 0*");
        ((Action)(() => GradientClip.ByValue([], bound)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("GradientClip: bound should be above 0*");
    }

    private static Parameter With(float[] gradient)
    {
        var parameter = new Parameter(Tensor.Full([gradient.Length], 1f));
        Gradients.Set(parameter, gradient);
        return parameter;
    }
}
