using SeqCore.Models;

namespace SeqCore.Tests.Models.Layers;

public class LayerTests
{
    [Fact]
    public void Linear_multiplies_by_the_transposed_weight_and_adds_the_bias()
    {
        using var layer = new Linear(2, 3, new RandomGenerator(1));
        layer.LoadStateDictionary(new Dictionary<string, Tensor>
        {
            ["weight"] = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [3, 2]),
            ["bias"] = Tensor.FromSpan([10f, 20f, 30f], [3]),
        });
        layer.Forward(Tensor.FromSpan([1f, -1f], [1, 1, 2])).Value
            .ShouldBeCloseTo(Tensor.FromSpan([9f, 19f, 29f], [1, 1, 3]), 1e-6f, "y");
    }

    [Fact]
    public void Linear_names_a_wrong_width() =>
        new Linear(2, 3, new RandomGenerator(1)).Invoking(l => l.Forward(Tensor.Zeros([4, 3])))
            .Should().Throw<ShapeException>().WithMessage("Linear: x should have shape (..., I) = (..., 2)*");

    [Fact]
    public void Linear_starts_as_PyTorch_does()
    {
        using var layer = new Linear(100, 50, new RandomGenerator(1));
        layer.Weight.Value.ToArray().Should().OnlyContain(v => v >= -0.1f && v < 0.1f);
        layer.Weight.Value.ToArray().Max().Should().BeGreaterThan(0.099f);
        layer.Bias!.Value.ToArray().Should().OnlyContain(v => v >= -0.1f && v < 0.1f);
        new Linear(2, 3, new RandomGenerator(1), bias: false).Bias.Should().BeNull();
    }

    [Fact]
    public void Embedding_looks_up_rows_and_the_padding_is_zero_and_stays()
    {
        using var layer = new Embedding(4, 3, new RandomGenerator(1), paddingIndex: 2);
        using var tokens = IndexTensor.FromSpan([3, 2, 3, 0], [2, 2]);
        using var tape = new Tape();
        var y = layer.Forward(tokens);
        y.Value.Select(0, 0).Select(0, 0).ToArray().Should().Equal(layer.Weight.Value.Select(0, 3).ToArray());
        y.Value.Select(0, 0).Select(0, 1).ToArray().Should().Equal(0f, 0f, 0f);
        tape.Backward(y.Sum());
        layer.Weight.Gradient!.ToArray().Should().Equal(1f, 1f, 1f, 0f, 0f, 0f, 0f, 0f, 0f, 2f, 2f, 2f);
    }

    [Fact]
    public void Embedding_refuses_a_padding_outside_the_vocabulary() =>
        ((Action)(() => _ = new Embedding(4, 3, new RandomGenerator(1), 4)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Embedding: the padding index should be in [0, 4)*");

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var layer = new Dropout(0.25f, new RandomGenerator(1));
        Variable x = Tensor.Full([100, 100], 3f);
        var values = layer.Forward(x).Value.ToArray();
        values.Should().OnlyContain(v => v == 0f || v == 4f);
        values.Count(v => v == 0f).Should().BeInRange(2300, 2700);
        layer.Forward(x).Value.ToArray().Should().NotEqual(values, "each call draws a new mask");
        layer.Evaluate();
        layer.Forward(x).Should().BeSameAs(x);
    }

    [Fact]
    public void Locked_dropout_has_one_mask_for_all_steps()
    {
        using var layer = new LockedDropout(0.5f, new RandomGenerator(1));
        Variable x = Tensor.Full([4, 3, 50], 1f);
        var y = layer.Forward(x).Value;
        y.ToArray().Should().OnlyContain(v => v == 0f || v == 2f).And.Contain(0f).And.Contain(2f);
        for (var t = 1; t < 3; t++)
            y.Select(1, t).ToArray().Should().Equal(y.Select(1, 0).ToArray());
        y.Select(0, 0).ToArray().Should().NotEqual(y.Select(0, 1).ToArray(), "sequences have masks of their own");
        layer.Evaluate();
        layer.Forward(x).Should().BeSameAs(x);
        layer.Invoking(l => l.Forward(Tensor.Zeros([2, 3])))
            .Should().Throw<ShapeException>().WithMessage("LockedDropout: x should have shape (B, T, F)*");
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void Probabilities_lie_between_zero_and_one(float probability)
    {
        ((Action)(() => _ = new Dropout(probability, new RandomGenerator(1))))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Dropout: probability should be in [0, 1)*");
        ((Action)(() => _ = new LockedDropout(probability, new RandomGenerator(1))))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Layer_norm_starts_as_the_plain_norm()
    {
        using var layer = new LayerNorm(4);
        var y = layer.Forward(Tensor.FromSpan([1f, 2f, 3f, 4f, -5f, -5f, 5f, 5f], [2, 4])).Value.ToArray();
        y.ShouldBeCloseTo([-1.3416355f, -0.44721183f, 0.44721183f, 1.3416355f, -0.9999998f, -0.9999998f, 0.9999998f, 0.9999998f],
            1e-5f, "y");
        layer.Invoking(l => l.Forward(Tensor.Zeros([2, 3]))).Should().Throw<ShapeException>();
    }

    [Fact]
    public void Rms_norm_starts_as_the_plain_norm()
    {
        using var layer = new RmsNorm(4);
        layer.StateDictionary().Keys.Should().Equal("weight");
        var y = layer.Forward(Tensor.FromSpan([1f, 3f, -1f, 5f], [1, 4])).Value.ToArray();
        y.ShouldBeCloseTo([1f / 3f, 1f, -1f / 3f, 5f / 3f], 1e-6f, "y");
        layer.Invoking(l => l.Forward(Tensor.Zeros([2, 3]))).Should().Throw<ShapeException>();
    }

    [Fact]
    public void A_norm_adds_the_residual_and_normalises_the_sum()
    {
        using LayerNorm layer = new(4);
        using RmsNorm rms = new(4);
        Variable x = Tensor.FromSpan([1f, 2f, 3f, 5f], [1, 4]), residual = Tensor.FromSpan([4f, -1f, 0f, 7f], [1, 4]);
        foreach (var norm in (NormLayer[])[layer, rms])
        {
            var (normalised, sum) = norm.Add(x, residual);
            sum.Value.ToArray().Should().Equal(5f, 1f, 3f, 12f);
            normalised.Value.ToArray().Should().Equal(norm.Forward(sum).Value.ToArray());
        }
    }

    [Fact]
    public void Sequential_runs_its_layers_in_turn_and_numbers_them()
    {
        var random = new RandomGenerator(1);
        using var layers = new Sequential(new Linear(2, 3, random), new Lambda(x => x * 2f), new Linear(3, 1, random));
        layers.StateDictionary().Keys.Should().Equal("0.weight", "0.bias", "2.weight", "2.bias");
        Variable x = Tensor.FromSpan([1f, 2f], [1, 2]);
        var expected = ((Linear)layers.Children[2].Value).Forward(((Linear)layers.Children[0].Value).Forward(x) * 2f);
        layers.Forward(x).Value.ToArray().Should().Equal(expected.Value.ToArray());
    }
}
