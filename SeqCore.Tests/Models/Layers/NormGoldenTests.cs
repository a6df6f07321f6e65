using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Layers;

/// <summary>
/// Normalisations over several axes and over batches; the expected numbers are PyTorch's, as Goldens/norms.py made them.
/// </summary>
public class NormGoldenTests
{
    private static readonly Dictionary<string, Func<Layer>> Layers = new()
    {
        ["layer norm"] = () => new LayerNorm([3, 4]),
        ["rms norm"] = () => new RmsNorm([3, 4]),
        ["group norm"] = () => new GroupNorm(2, 6),
        ["instance norm"] = () => new GroupNorm(4, 4),
        ["batch norm"] = () => new BatchNorm(5),
        ["batch norm of sequences"] = () => new BatchNorm(3, momentum: 0.3f),
        ["batch norm in evaluation"] = () => new BatchNorm(3),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Results_gradients_and_statistics_are_those_of_PyTorch(string name)
    {
        var golden = Golden.Read("norms.json").GetProperty(name);
        using var layer = Layers[name]();
        var isEvaluation = name.EndsWith("evaluation", StringComparison.Ordinal);
        Load(layer, golden, isEvaluation);
        if (isEvaluation)
            layer.Evaluate();
        var x = new Variable(Matrix(golden, "x"), requiresGradient: true);
        using (var tape = new Tape())
        {
            var y = layer.Forward(x);
            y.Value.ToArray().ShouldBeCloseTo(golden.GetProperty("y").Floats(), 2e-5f, name);
            tape.Backward(y, Matrix(golden, "dy"));
        }

        x.Gradient!.ToArray().ShouldBeCloseTo(golden.GetProperty("dx").Floats(), 5e-5f, name);
        var gradients = golden.GetProperty("gradients");
        foreach (var (parameter, value) in layer.NamedParameters())
            value.Gradient!.ToArray().ShouldBeCloseTo(gradients.GetProperty(parameter).Floats(), 5e-5f, name);
        var state = layer.StateDictionary();
        foreach (var buffer in golden.GetProperty("buffers").EnumerateObject())
            state[buffer.Name].ToArray().ShouldBeCloseTo(buffer.Value.Floats(), 1e-5f, name);
    }

    [Fact]
    public void Channels_may_be_last()
    {
        var golden = Golden.Read("norms.json").GetProperty("batch norm of sequences");
        using var layer = new BatchNorm(3, channelAxis: -1);
        Load(layer, golden, false);
        var y = layer.Forward(Matrix(golden, "x").Transpose(1, 2)).Value.Transpose(1, 2);
        y.ToArray().ShouldBeCloseTo(golden.GetProperty("y").Floats(), 2e-5f, "channels last");
        layer.Evaluate();
        layer.Forward(Matrix(golden, "x").Transpose(1, 2)).Shape.Should().Equal(4, 6, 3);
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        Tensor x = Draws.Of(1, 3, 4, 2), w = Draws.Of(2, 4), b = Draws.Of(3, 4);
        GradientCheck.Run(v => v[0].BatchNorm(v[1], v[2]), [x, w, b]);
        GradientCheck.Run(v => v[0].GroupNorm(2, v[1], v[2]), [x, w, b]);
        GradientCheck.Run(v => v[0].InstanceNorm(v[1], v[2], 0.1f), [x, w, b]);
        GradientCheck.Run(v => v[0].LayerNorm(2, v[1], v[2]), [x, Draws.Of(4, 4, 2), Draws.Of(5, 4, 2)]);
        GradientCheck.Run(v => v[0].RmsNorm(2, v[1]), [x, Draws.Of(4, 4, 2)]);
        GradientCheck.Run(v => v[0].Transpose(0, 2).BatchNorm(v[1], v[2], channelAxis: 1), [x, w, b]);
    }

    [Fact]
    public void Statistics_are_saved_and_moved_but_never_trained()
    {
        using var layer = new BatchNorm(2);
        layer.ParameterCount.Should().Be(4);
        layer.Unfreeze();
        layer.RunningMean.RequiresGradient.Should().BeFalse();
        layer.StateDictionary().Keys.Should().Equal("weight", "bias", "running_mean", "running_var", "num_batches_tracked");
        _ = layer.Forward(Tensor.FromSpan([1f, 2f, 3f, 6f], [2, 2]));
        layer.RunningMean.Value.ToArray().Should().Equal(0.2f, 0.4f);
        using var other = new BatchNorm(2);
        other.LoadStateDictionary(layer.StateDictionary());
        other.BatchCount.Value.Item().Should().Be(1f);
        other.RunningVariance.Value.ToArray().Should().Equal(layer.RunningVariance.Value.ToArray());
        using var backend = new SeqCore.Kernels.CpuBackend(1);
        other.To(backend).RunningMean.Value.Backend.Should().BeSameAs(backend);
        layer.Evaluate();
        _ = layer.Forward(Tensor.FromSpan([1f, 2f, 3f, 6f], [2, 2]));
        layer.BatchCount.Value.Item().Should().Be(1f);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        var x = new Variable(Tensor.Zeros([2, 4, 3]));
        x.Invoking(v => v.GroupNorm(3)).Should().Throw<ShapeException>()
            .WithMessage("GroupNorm: x should have shape (B, C, ...) with C a multiple of 3; got (2, 4, 3).");
        x.Invoking(v => v.BatchNorm(Tensor.Zeros([3]))).Should().Throw<ShapeException>()
            .WithMessage("BatchNorm: weight should have shape (C,) = (4,) because x is (2, 4, 3); got (3,).");
        x.Invoking(v => v.LayerNorm(2, Tensor.Zeros([3]))).Should().Throw<ShapeException>()
            .WithMessage("LayerNorm: weight should have shape (4, 3) because x is (2, 4, 3); got (3,).");
        x.Invoking(v => v.RmsNorm(4)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("RmsNorm: the number of axes should be from 1 to 3, because x is (2, 4, 3).*");
        using var layer = new BatchNorm(3);
        layer.Invoking(l => l.Forward(x)).Should().Throw<ShapeException>()
            .WithMessage("BatchNorm: x should have shape with 3 channels on axis 1; got (2, 4, 3).");
        layer.Invoking(l => l.Forward(Tensor.Zeros([1, 3]))).Should().Throw<ArgumentException>()
            .WithMessage("BatchNorm: in training each channel needs at least two elements; x is (1, 3).*");
        FluentActions.Invoking(() => new GroupNorm(3, 4)).Should().Throw<ArgumentException>()
            .WithMessage("GroupNorm: 3 groups do not divide 4 channels.*");
        FluentActions.Invoking(() => new LayerNorm([2, 0])).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_layer_names_the_axes_that_it_expects()
    {
        Variable x = Tensor.Zeros([3]), other = Tensor.Zeros([2, 2, 4]);
        using LayerNorm layerNorm = new([2, 3]);
        using RmsNorm rmsNorm = new([2, 3]);
        layerNorm.Invoking(l => l.Forward(x)).Should().Throw<ShapeException>()
            .WithMessage("LayerNorm: x should have shape (..., 2, 3); got (3,).");
        rmsNorm.Invoking(l => l.Forward(x)).Should().Throw<ShapeException>()
            .WithMessage("RmsNorm: x should have shape (..., 2, 3); got (3,).");
        layerNorm.Invoking(l => l.Forward(other)).Should().Throw<ShapeException>()
            .WithMessage("LayerNorm: x should have shape (..., 2, 3); got (2, 2, 4).");
        foreach (var axis in (int[])[2, -3])
        {
            using var batchNorm = new BatchNorm(3, channelAxis: axis);
            batchNorm.Invoking(l => l.Forward(Tensor.Zeros([3, 3]))).Should().Throw<ShapeException>()
                .WithMessage($"BatchNorm: x should have shape with 3 channels on axis {axis}; got (3, 3).");
        }
    }

    [Fact]
    public void A_residual_is_added_before_a_norm_of_several_axes()
    {
        using var norm = new LayerNorm([2, 3]);
        Tensor x = Draws.Of(1, 2, 2, 3), residual = Draws.Of(2, 2, 2, 3);
        var (normalised, sum) = norm.Add(x, residual);
        sum.Value.ToArray().Should().Equal((x + residual).ToArray());
        normalised.Value.ToArray().Should().Equal(norm.Forward(x + residual).Value.ToArray());
    }

    private static Tensor Matrix(JsonElement golden, string name) =>
        Tensor.FromSpan(golden.GetProperty(name).Floats(), golden.GetProperty("shape").Integers());

    private static void Load(Layer layer, JsonElement golden, bool withBuffers)
    {
        var state = layer.StateDictionary();
        foreach (var value in golden.GetProperty("parameters").EnumerateObject())
            state[value.Name].CopyFrom(value.Value.Floats());
        foreach (var buffer in golden.GetProperty("buffers").EnumerateObject().Where(_ => withBuffers))
            state[buffer.Name].CopyFrom(buffer.Value.Floats());
    }
}
