namespace SeqCore.Tests.Autograd;

public class GradientCheckTests
{
    /// <summary>y = x^2 whose gradient is wrong by one part in two hundred at element 5.</summary>
    private sealed class NearlySquareFunction(Variable x) : Function(x)
    {
        protected override Tensor Forward() => x.Value * x.Value;

        protected override void Backward(Tensor dY)
        {
            var factors = Enumerable.Repeat(2f, x.Value.ElementCount).ToArray();
            factors[5] = 2.01f;
            AddGradient(x, dY * x.Value * Tensor.FromSpan(factors, x.Shape));
        }
    }

    private static readonly Tensor Input = Samples.Uniform(3, 1, 2, 10);

    [Fact]
    public void A_right_gradient_passes_by_a_wide_margin()
    {
        var report = GradientCheck.Run(x => x[0] * x[0] * x[0], [Input]);
        report.Checked.Should().Be(10);
        report.Worst.Error.Should().BeLessThan(1e-4);
    }

    [Fact]
    public void A_wrong_gradient_is_reported_with_its_place_and_both_numbers()
    {
        var options = new GradientCheckOptions { AbsoluteTolerance = 1e-6 };
        var thrown = FluentActions.Invoking(() => GradientCheck.Run(x => x[1] + new NearlySquareFunction(x[0]).Apply(),
            [Input, Input], options))
            .Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the gradient of input 0 is wrong at element 5*").Which;
        (thrown.Difference.Analytic / thrown.Difference.Numeric).Should().BeApproximately(1.005, 1e-3);
    }

    [Fact]
    public void A_missing_gradient_is_wrong() =>
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[1].Detach(), [Input, Input]))
            .Should().Throw<GradientCheckException>().WithMessage("*input 1*");

    [Fact]
    public void Inputs_are_as_they_were_afterwards()
    {
        var copy = Input.ToArray();
        GradientCheck.Run(x => x[0] * x[0], [Input]);
        Input.ToArray().Should().Equal(copy);
    }

    [Fact]
    public void Large_inputs_are_sampled() =>
        GradientCheck.Run(x => x[0] * 2f, [Samples.Of(1, 1000)], new GradientCheckOptions { MaxElements = 17 }).Checked
            .Should().Be(17);

    [Fact]
    public void A_definition_in_double_serves_as_the_oracle_of_result_and_gradient()
    {
        double[] Definition(double[][] x) => [.. x[0].Select(v => v * v * v)];
        GradientCheck.Run(x => x[0] * x[0] * x[0], Definition, [Input]).Worst.Error.Should().BeLessThan(1e-5);
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[0] * x[0] * 1.01f, Definition, [Input]))
            .Should().Throw<GradientCheckException>()
            .WithMessage("GradientCheck: the forward pass is wrong at result 0, element 0*");
        FluentActions.Invoking(() => GradientCheck.Run(x => x[0] * x[0] * x[0].Detach(), Definition, [Input]))
            .Should().Throw<GradientCheckException>().WithMessage("GradientCheck: the gradient of input 0*");
    }
}
