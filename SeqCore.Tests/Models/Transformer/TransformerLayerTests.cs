using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

public class TransformerLayerTests
{
    private static readonly TransformerLayerOptions Small =
        new() { ModelSize = 6, HeadCount = 2, FeedForwardSize = 5, Dropout = 0f };

    public static TheoryData<string> EncoderCases => LayerGolden.Names("encoder");

    public static TheoryData<string> DecoderCases => LayerGolden.Names("decoder");

    [Theory]
    [MemberData(nameof(EncoderCases))]
    public void An_encoder_layer_gives_the_outputs_and_gradients_of_PyTorch_with_its_weights(string name)
    {
        var golden = new LayerGolden("encoder", name);
        using var layer = new TransformerEncoderLayer(Small with { NormFirst = golden.NormFirst, Activation = golden.Activation },
            new RandomGenerator(1));
        using var lengths = golden.Lengths;
        golden.Compare(layer, ["x"], x => layer.Forward(x[0], new AttentionOptions { KeyLengths = lengths }));
    }

    [Theory]
    [MemberData(nameof(DecoderCases))]
    public void A_decoder_layer_gives_the_outputs_and_gradients_of_PyTorch_with_its_weights(string name)
    {
        var golden = new LayerGolden("decoder", name);
        using var layer = new TransformerDecoderLayer(Small with { NormFirst = golden.NormFirst, Activation = golden.Activation },
            new RandomGenerator(1));
        using var lengths = golden.Lengths;
        golden.Compare(layer, ["x", "memory"],
            x => layer.Forward(x[0], x[1], null, new AttentionOptions { KeyLengths = lengths }));
    }

    [Theory]
    [InlineData(false, FeedForwardActivation.Relu)]
    [InlineData(true, FeedForwardActivation.GeluTanh)]
    public void Gradients_of_parameters_match_finite_differences(bool normFirst, FeedForwardActivation activation)
    {
        var random = new RandomGenerator(1);
        using var layer = new TransformerDecoderLayer(
            Small with { NormFirst = normFirst, Activation = activation, KeyHeadCount = 1 }, random);
        ParameterCheck.Enliven(layer, random);
        Variable x = Tensor.RandomNormal([2, 3, 6], random), source = Tensor.RandomNormal([2, 4, 6], random);
        foreach (var (name, parameter) in layer.NamedParameters())
            ParameterCheck.Run(layer, parameter, () => layer.Forward(x, source).Tanh().Sum() * 0.1f, name, 1.0 / 256);
    }

    [Fact]
    public void Stacks_have_the_names_of_PyTorch_and_run_their_layers_in_order()
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(1);
        using var encoder = new TransformerEncoder(2, Small, random);
        using var decoder = new TransformerDecoder(2, Small, random, finalNorm: FinalNormOptions.None);
        encoder.StateDictionary().Keys.Should().Equal(
            [.. Enumerable.Range(0, 2).SelectMany(i => new[] { "self_attn.in_proj_weight", "self_attn.in_proj_bias",
                "self_attn.out_proj.weight", "self_attn.out_proj.bias",
                "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight",
                "norm2.bias" }.Select(n => $"layers.{i}.{n}")),
            "norm.weight", "norm.bias"]);
        decoder.StateDictionary().Keys
            .Should().Contain(["layers.1.multihead_attn.in_proj_weight", "layers.0.norm3.bias"]).And.NotContain("norm.weight");
        Variable x = Tensor.RandomNormal([2, 3, 6], random), source = Tensor.RandomNormal([2, 4, 6], random);
        encoder.Forward(x).Value.ShouldBeCloseTo(encoder.Layers[1].Forward(encoder.Layers[0].Forward(x)).Value.LayerNormed(),
            1e-5f, "encoder");
        decoder.Forward(x, source).Value.ToArray()
            .Should().Equal(decoder.Layers[1].Forward(decoder.Layers[0].Forward(x, source), source).Value.ToArray());
    }

    [Fact]
    public void The_last_norm_may_have_another_form_than_the_layers()
    {
        using var scope = new TensorScope();
        var layer = Small with { Bias = false, NormFirst = true };
        using TransformerEncoder plain = new(1, layer, new RandomGenerator(1), FinalNormOptions.None),
            like = new(1, layer, new RandomGenerator(1)),
            own = new(1, layer, new RandomGenerator(1), new() { Epsilon = 0.5f }),
            rms = new(1, layer, new RandomGenerator(1), new() { Kind = NormKind.RmsNorm, Epsilon = 1e-6f });
        like.StateDictionary().Keys.Should().Contain("norm.weight").And.NotContain("norm.bias");
        own.StateDictionary().Keys.Should().Contain(["norm.weight", "norm.bias"]).And.NotContain("layers.0.norm1.bias");
        Variable x = Tensor.RandomNormal([2, 3, 6], new RandomGenerator(2));
        var before = plain.Forward(x);
        like.Forward(x).Value.ShouldBeCloseTo(before.LayerNorm().Value, 1e-6f, "as the layers'");
        own.Forward(x).Value.ShouldBeCloseTo(before.LayerNorm(epsilon: 0.5f).Value, 1e-6f, "of its own");
        rms.Forward(x).Value.ShouldBeCloseTo(before.RmsNorm(epsilon: 1e-6f).Value, 1e-6f, "by its root mean square");
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(1);
        using TransformerEncoderLayer layer = new(Small with { Dropout = 0.3f }, random), plain = new(Small, random);
        plain.LoadStateDictionary(layer.StateDictionary());
        Variable x = Tensor.RandomNormal([2, 3, 6], random);
        layer.Forward(x).Value.ToArray().Should().NotEqual(plain.Forward(x).Value.ToArray());
        layer.Evaluate();
        layer.Forward(x).Value.ToArray().Should().Equal(plain.Forward(x).Value.ToArray());
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        var random = new RandomGenerator(1);
        ((Action)(() => _ = new TransformerEncoderLayer(Small with { FeedForwardSize = 0 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new TransformerEncoderLayer(Small with { HeadCount = 4 }, random)))
            .Should().Throw<ArgumentException>().WithMessage("*multiple of the number of heads; got 6 and 4*");
        ((Action)(() => _ = new TransformerDecoder(0, Small, random))).Should().Throw<ArgumentOutOfRangeException>();
        using var layer = new TransformerDecoderLayer(Small, random);
        Variable x = Tensor.Zeros([2, 3, 6]), wide = Tensor.Zeros([2, 3, 7]);
        layer.Invoking(l => l.Forward(wide, x))
            .Should().Throw<ShapeException>().WithMessage("*(B, T, D) with D = 6; got (2, 3, 7)*");
        layer.Invoking(l => l.Forward(x, wide)).Should().Throw<ShapeException>();
    }
}

file static class Plain
{
    internal static Tensor LayerNormed(this Tensor x)
    {
        var centred = x - x.Mean([-1], keepDimensions: true);
        return centred / ((centred * centred).Mean([-1], keepDimensions: true) + 1e-5f).Sqrt();
    }
}
