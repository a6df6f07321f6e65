using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// A highway layer (Srivastava, Greff and Schmidhuber, "Highway networks", arXiv:1505.00387): y = t tanh(W x + b) + (1 - t) x
/// with the gate t = sigmoid(V x + c), which starts nearly closed.
/// </summary>
public sealed class Highway : Layer
{
    private readonly Linear transform;
    private readonly Linear gate;

    public Highway(int size, RandomGenerator random)
    {
        transform = Register("transform", new Linear(size, size, random));
        gate = Register("gate", new Linear(size, size, random));
        Initializer.Constant(gate.Bias!.Value, -2f);
    }

    /// <inheritdoc/>
    public override Variable Forward(Variable x)
    {
        var t = gate.Forward(x).Sigmoid();
        return (t * transform.Forward(x).Tanh()) + ((1f - t) * x);
    }
}

/// <summary>Scales inputs by the mean and the deviation of the training data, which are saved with the weights.</summary>
public sealed class Standardize : Layer
{
    private readonly Parameter mean;
    private readonly Parameter deviation;

    public Standardize(int size)
    {
        mean = RegisterBuffer("mean", Tensor.Zeros([size]));
        deviation = RegisterBuffer("deviation", Tensor.Ones([size]));
    }

    public void Fit(Tensor data)
    {
        using var scope = new TensorScope();
        mean.Value.CopyFrom(data.Mean([0]).Reshape(mean.Shape));
        deviation.Value.CopyFrom(data.StandardDeviation([0]).Reshape(deviation.Shape));
    }

    /// <inheritdoc/>
    public override Variable Forward(Variable x) => (x - mean) / deviation;
}

public class OwnModuleTests
{
    [Fact]
    public void Its_buffers_are_saved_and_loaded_but_not_trained()
    {
        using Standardize from = new(2), to = new(2);
        from.Fit(Tensor.FromArray(new[,] { { 1f, 10f }, { 3f, 30f } }));
        from.Parameters().Should().BeEmpty();
        from.StateDictionary().Keys.Should().Equal("mean", "deviation");
        to.LoadStateDictionary(from.StateDictionary());
        to.Forward(Tensor.FromArray(new[,] { { 4f, 0f } })).Value.ToArray().Should().Equal(2f, -2f);
    }

    [Fact]
    public void Its_parameters_have_names_and_load_into_another()
    {
        using Highway from = new(3, new RandomGenerator(1)), to = new(3, new RandomGenerator(2));
        from.StateDictionary().Keys.Should().Equal("transform.weight", "transform.bias", "gate.weight", "gate.bias");
        to.LoadStateDictionary(from.StateDictionary());
        var x = Tensor.RandomNormal([2, 3], new RandomGenerator(3));
        to.Forward(x).Value.ToArray().Should().Equal(from.Forward(x).Value.ToArray());
    }

    [Fact]
    public void Has_the_right_gradients() =>
        GradientCheck.Run(v => new Highway(3, new RandomGenerator(1)).Forward(v[0]),
            [Tensor.RandomNormal([2, 3], new RandomGenerator(3))]);

    [Fact]
    public void Works_in_a_Sequential()
    {
        var random = new RandomGenerator(1);
        using var model = new Sequential(new Linear(4, 3, random), new Highway(3, random), new Highway(3, random));
        model.ParameterCount.Should().Be(15 + (2 * 24));
        model.Summary().Should().Contain("1.gate.weight").And.Contain("total");
    }
}
