using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class InputGradientTests
{
    [Fact]
    public void Norms_are_those_of_the_gradient_of_each_input()
    {
        using var core = new RecurrentCore(new Gru(3, 4, new RandomGenerator(1)));
        var inputs = Tensor.RandomNormal([2, 5, 3], new RandomGenerator(2));
        var norms = InputGradients.Norms(core, inputs, new RandomGenerator(3));

        using var tape = new Tape();
        var x = new Variable(inputs, requiresGradient: true);
        var last = core.Last(x, 1);
        var seed = Tensor.RandomNormal(last.Shape, new RandomGenerator(3));
        tape.Backward(last, seed / seed.Norm(-1, keepDimensions: true));
        for (var b = 0; b < 2; b++)
        {
            for (var t = 0; t < 5; t++)
                norms[b][t].Should().BeApproximately(x.Gradient!.Select(0, b).Select(0, t).Norm().Item(), 1e-6);
        }
    }

    [Fact]
    public void A_mean_is_geometric_and_relative_to_the_last_input()
    {
        var relative = GradientStudy.Relative([[1, 10, 2], [4, 10, 8]]);
        relative[0].Should().Be(1);
        relative[1].Should().BeApproximately(10 / 4.0, 1e-12);
        relative[2].Should().BeApproximately(2 / 4.0, 1e-12);
    }

    [Fact]
    public void Gradients_outside_float32_stay_countable()
    {
        var relative = GradientStudy.Relative([[0, double.NaN, 1]]);
        relative[1].Should().BeGreaterThan(1e38).And.BeLessThan(double.PositiveInfinity);
        relative[2].Should().BeGreaterThan(0).And.BeLessThan(1e-44);
    }
}
