using SeqCore.Models;

namespace SeqCore.Tests.Models.Losses;

public class PinballTests
{
    private static readonly double[] quantiles = [0.05, 0.5, 0.8];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.93)]
    public void One_quantile_is_its_formula(double q)
    {
        float[] p = [0.3f, -1.2f, 2f, 5f, 0.5f, 1f], y = [0.9f, -2f, 2f, 4f, 3f, float.NaN];
        Tensor prediction = Tensor.FromSpan(p, [2, 3]), target = Tensor.FromSpan(y, [2, 3]);
        var losses = Loss.Pinball(prediction, target, q, LossReduction.None).Value.ToArray();
        for (var i = 0; i < 5; i++)
        {
            var expected = y[i] > p[i] ? q * ((double)y[i] - p[i]) : (1 - q) * ((double)p[i] - y[i]);
            losses[i].Should().BeApproximately((float)expected, 1e-6f);
        }

        var weights = Tensor.FromSpan([1f, 2f, 1f, 1f, 3f, 0f], [2, 3]);
        Loss.Pinball(prediction, target, q, weights: weights).Value.Item().Should()
            .BeApproximately((losses[0] + (2 * losses[1]) + losses[2] + losses[3] + (3 * losses[4])) / 8, 1e-6f);
        GradientCheck.Run(v => Loss.Pinball(v[0], v[1], q, LossReduction.None),
            [Tensor.FromArray([0.3f, -1.2f, 2f]), Tensor.FromArray([0.9f, -2f, 4f])]);
    }

    [Fact]
    public void Several_quantiles_are_those_of_each()
    {
        float[] p = [.. Enumerable.Range(0, 12).Select(i => (i * 7 % 12) / 3f)];
        Tensor predictions = Tensor.FromSpan(p, [2, 3, 2]), target = Tensor.FromSpan([0.5f, 2.2f, 3.1f, 1.2f], [2, 2]);
        var all = Loss.Pinball(predictions, target, quantiles, LossReduction.None).Value;
        all.Shape.ToArray().Should().Equal(2, 3, 2);
        for (var q = 0; q < 3; q++)
        {
            all.Select(1, q).ToArray().Should().Equal(
                Loss.Pinball(predictions.Select(1, q), target, quantiles[q], LossReduction.None).Value.ToArray());
        }

        Loss.Pinball(predictions, target, quantiles).Value.Item().Should().BeApproximately(all.ToArray().Average(), 1e-6f);
        GradientCheck.Run(v => Loss.Pinball(v[0], v[1], quantiles), [predictions * 2f, target]);
    }

    [Fact]
    public void The_slope_at_the_target_is_0_as_at_NaN()
    {
        using var tape = new Tape();
        var x = new Variable(Tensor.FromArray([1f, float.NaN, 3f, 0f]), requiresGradient: true);
        tape.Backward(Loss.Pinball(x, Tensor.FromArray([1f, 1f, 1f, 1f]), 0.9, LossReduction.Sum));
        x.Gradient!.ToArray().ShouldBeCloseTo([0f, 0f, 0.1f, -0.9f], 1e-6f, "slope");
    }

    [Fact]
    public void Wrong_shapes_and_quantiles_are_told()
    {
        Variable x = Tensor.Zeros([2, 3]);
        FluentActions.Invoking(() => Loss.Pinball(x, Tensor.Zeros([3]))).Should().Throw<ShapeException>()
            .WithMessage("Pinball: target should have shape (2, 3) because that is the prediction's shape*");
        FluentActions.Invoking(() => Loss.Pinball(x, Tensor.Zeros([2]), [0.5, 0.9])).Should().Throw<ShapeException>()
            .WithMessage("Pinball: predictions should have shape (B, Q, ...) for 2 quantiles of targets of shape (2,)*(2, 3).");
        FluentActions.Invoking(() => Loss.Pinball(x, x, 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Pinball: quantile should be in (0, 1).*");
        FluentActions.Invoking(() => Loss.Pinball(Tensor.Zeros([0, 1, 3]), Tensor.Zeros([0, 3]), [0.5])).Should()
            .Throw<ArgumentException>().WithMessage("Pinball: the mean is over no elements*");
    }
}
