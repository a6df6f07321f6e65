using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// Lion (Chen et al., "Symbolic discovery of optimization algorithms", arXiv:2302.06675):
/// w -= rate (sign(beta1 m + (1 - beta1) g) + decay w), then m = beta2 m + (1 - beta2) g.
/// The constructor names the state, which goes into checkpoints; gradients come clipped.
/// </summary>
public sealed class Lion(IEnumerable<Parameter> parameters, float learningRate = 1e-4f, float beta1 = 0.9f, float beta2 = 0.99f,
    float weightDecay = 0f)
    : Optimizer([new ParameterGroup(parameters)], learningRate, "exp_avg")
{
    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step)
    {
        foreach (var parameter in parameters)
        {
            var (w, g, m) = (parameter.Value, parameter.Gradient, parameter.State("exp_avg"));
            var direction = ((m * beta1) + (g * (1f - beta1))).Sign() + (w * (step.Group.WeightDecay ?? weightDecay));
            w.SubtractInPlace(direction * step.LearningRate);
            m.MultiplyInPlace(beta2);
            m.AddInPlace(g * (1f - beta2));
        }
    }
}

public class OwnOptimizerTests
{
    [Fact]
    public void Takes_the_steps_of_its_definition()
    {
        using var layer = new Linear(2, 1, new RandomGenerator(1), bias: false);
        using var lion = new Lion(layer.Parameters(), learningRate: 0.1f, weightDecay: 0.5f);
        var before = layer.Weight.Value.ToArray();
        BackPropagate(layer, x: [3f, -2f]);
        lion.Step();
        layer.Weight.Value.ToArray().Should()
            .Equal(before[0] - (0.1f * (1f + (0.5f * before[0]))), before[1] - (0.1f * (-1f + (0.5f * before[1]))));
        lion.StateDictionary().Tensors["0.exp_avg"].ToArray().Should().Equal(3f * (1f - 0.99f), -2f * (1f - 0.99f));
    }

    [Fact]
    public void Continues_bit_for_bit_from_its_saved_state()
    {
        using Linear whole = new(3, 2, new RandomGenerator(1)), resumed = new(3, 2, new RandomGenerator(1));
        using Lion one = new(whole.Parameters(), 0.01f), first = new(resumed.Parameters(), 0.01f),
            second = new(resumed.Parameters());
        Train(whole, one, 0, 20);
        Train(resumed, first, 0, 10);
        second.LoadStateDictionary(first.StateDictionary());
        Train(resumed, second, 10, 20);
        resumed.Weight.Value.ToArray().Should().Equal(whole.Weight.Value.ToArray());
        second.StepCount.Should().Be(20);
    }

    [Fact]
    public void Learns_with_clipping()
    {
        using var layer = new Linear(3, 2, new RandomGenerator(1));
        using var lion = new Lion(layer.Parameters(), 0.01f);
        var first = Train(layer, lion, 0, 1);
        Train(layer, lion, 1, 200).Should().BeLessThan(first / 20);
    }

    /// <summary>Learns y = (sum of x, 1); returns the last loss.</summary>
    private static float Train(Linear layer, Optimizer optimizer, int from, int to)
    {
        var loss = 0f;
        for (var step = from; step < to; step++)
        {
            using var tape = new Tape();
            var x = Tensor.RandomNormal([16, 3], new RandomGenerator((ulong)step));
            var error = layer.Forward(x) - Tensor.Concat([x.Sum(1, keepDimensions: true), Tensor.Full([16, 1], 1f)], 1);
            var mean = error.Square().Mean();
            tape.Backward(mean);
            optimizer.StepClipped(1f);
            optimizer.ZeroGradients();
            loss = mean.Value.Item();
        }

        return loss;
    }

    private static void BackPropagate(Linear layer, float[] x)
    {
        using var tape = new Tape();
        tape.Backward(layer.Forward(Tensor.FromSpan(x, [1, x.Length])).Sum());
    }
}
