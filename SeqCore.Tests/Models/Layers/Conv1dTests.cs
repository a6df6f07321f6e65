using SeqCore.Models;
using SeqCore.Tests.Goldens;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Layers;

/// <summary>The expected numbers are PyTorch's, as Goldens/conv1d.py made them.</summary>
public class Conv1dTests
{
    private static readonly Dictionary<string, Func<Conv1d>> Layers = new()
    {
        ["plain"] = () => Make(3, 5, 3),
        ["without bias"] = () => new Conv1d(3, 5, 3, new RandomGenerator(1), bias: false),
        ["strided"] = () => Make(4, 3, 4, new() { Stride = 3, Padding = 2 }),
        ["dilated"] = () => Make(2, 3, 3, new() { Dilation = 4, Padding = 4 }),
        ["strided and dilated"] = () => Make(2, 3, 3, new() { Stride = 2, Dilation = 3, Padding = 5 }),
        ["same"] = () => Make(3, 4, 4, new() { Dilation = 3, Padding = Conv1dPadding.Same }),
        ["grouped"] = () => Make(6, 4, 3, new() { Groups = 2, Padding = 1 }),
        ["depth-wise"] = () => Make(5, 5, 3, new() { Groups = 5, Padding = 1 }),
        ["causal"] = () => Make(3, 4, 3, new() { Dilation = 2, Padding = Conv1dPadding.Causal }),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Results_and_gradients_are_those_of_PyTorch(string name)
    {
        var golden = Golden.Read("conv1d.json").GetProperty(name);
        using var layer = Layers[name]();
        var state = golden.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => Tensor.FromSpan(p.Value.Floats(), layer.StateDictionary()[p.Name].Shape));
        layer.LoadStateDictionary(state);
        var x = new Variable(Tensor.FromSpan(golden.GetProperty("x").Floats(), Sizes("shape")), requiresGradient: true);
        using (var tape = new Tape())
        {
            var y = layer.Forward(x.Transpose(1, 2)).Transpose(1, 2);
            y.Shape.Should().Equal(Sizes("result"));
            y.Value.ToArray().ShouldBeCloseTo(golden.GetProperty("y").Floats(), 1e-5f, name);
            tape.Backward(y, Tensor.FromSpan(golden.GetProperty("dy").Floats(), Sizes("result")));
        }

        x.Gradient!.ToArray().ShouldBeCloseTo(golden.GetProperty("dx").Floats(), 1e-5f, name);
        foreach (var (parameter, value) in layer.NamedParameters())
        {
            value.Gradient!.ToArray()
                .ShouldBeCloseTo(golden.GetProperty("gradients").GetProperty(parameter).Floats(), 1e-5f, $"{name}: {parameter}");
        }

        Shape Sizes(string property) => new(golden.GetProperty(property).Integers());
    }

    [Fact]
    public void Initial_values_are_uniform_within_the_bound_of_PyTorch()
    {
        using var layer = new Conv1d(32, 64, 8, new RandomGenerator(1), new() { Groups = 2 });
        var bound = 1f / MathF.Sqrt(16 * 8);
        layer.Weight.Shape.Should().Equal(64, 16, 8);
        layer.Weight.Value.Abs().Max().Item().Should().BeInRange(0.99f * bound, bound);
        layer.Weight.Value.Square().Mean().Item().Should().BeApproximately(bound * bound / 3, 0.1f * bound * bound);
        layer.Bias!.Value.Abs().Max().Item().Should().BeInRange(0.8f * bound, bound);
    }

    [Fact]
    public void Lengths_and_the_receptive_field_follow_from_the_options()
    {
        using var layer = Make(2, 3, 4, new() { Stride = 2, Dilation = 3, Padding = Conv1dPadding.Causal });
        (layer.ReceptiveField, layer.KernelSize).Should().Be((10, 4));
        layer.OutputLength(9).Should().Be(5);
        layer.OutputLengths(IndexTensor.FromArray([0, 1, 9])).ToArray().Should().Equal(0, 1, 5);
        var y = layer.Forward(Draws.Of(1, 2, 9, 2), IndexTensor.FromArray([9, 3])).Value;
        y.Shape.Should().Equal(2, 5, 3);
        y[1].Slice(0, 2, 3).ToArray().Should().OnlyContain(v => v == 0f);
    }

    [Fact]
    public void It_can_be_part_of_a_sequence_of_layers()
    {
        using var model = new Sequential(Make(2, 3, 3), new Lambda(x => x.Relu()), Make(3, 1, 1));
        model.StateDictionary().Keys.Should().Equal("0.weight", "0.bias", "2.weight", "2.bias");
        model.Forward(Draws.Of(1, 4, 7, 2)).Shape.Should().Equal(4, 5, 1);
    }

    [Fact]
    public void Options_that_do_not_fit_are_named()
    {
        FluentActions.Invoking(() => Make(4, 6, 3, new() { Groups = 3 })).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: the groups should divide*3 groups, 4 inputs, 6 outputs*");
        FluentActions.Invoking(() => Make(4, 6, 3, new() { Stride = 2, Padding = Conv1dPadding.Same })).Should()
            .Throw<ArgumentException>().WithMessage("Conv1d: padding \"same\"*");
        FluentActions.Invoking(() => Make(4, 6, 3, new() { Dilation = 0 })).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Conv1d: Dilation should be at least 1*");
        FluentActions.Invoking(() => Make(4, 6, 0)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Conv1d: kernelSize should be at least 1*");
    }

    private static Conv1d Make(int inputs, int outputs, int kernel, Conv1dOptions? options = null) =>
        new(inputs, outputs, kernel, new RandomGenerator(1), options);
}
