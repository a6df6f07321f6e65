using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

public class TransformerBlockTests
{
    private static readonly TransformerBlockOptions Small =
        new() { ModelSize = 6, HeadCount = 2, FeedForwardSize = 5, Dropout = 0f };

    private static readonly TransformerBlockOptions Decoder = Small with { IsCausal = true, HasSource = true };

    public static TheoryData<string> EncoderCases => LayerGolden.Names("encoder");

    public static TheoryData<string> DecoderCases => LayerGolden.Names("decoder");

    [Theory]
    [MemberData(nameof(EncoderCases))]
    public void An_encoder_s_block_gives_the_outputs_and_gradients_of_PyTorch_with_its_weights(string name)
    {
        var golden = new LayerGolden("encoder", name);
        using var layer = new TransformerBlock(Small with { NormFirst = golden.NormFirst, Activation = golden.Activation },
            new RandomGenerator(1));
        using var lengths = golden.Lengths;
        golden.Compare(layer, ["x"], x => layer.Forward(x[0], new AttentionOptions { KeyLengths = lengths }));
    }

    [Theory]
    [MemberData(nameof(DecoderCases))]
    public void A_decoder_s_block_gives_the_outputs_and_gradients_of_PyTorch_with_its_weights(string name)
    {
        var golden = new LayerGolden("decoder", name);
        using var layer = new TransformerBlock(Decoder with { NormFirst = golden.NormFirst, Activation = golden.Activation },
            new RandomGenerator(1));
        using var lengths = golden.Lengths;
        golden.Compare(layer, ["x", "memory"],
            x => layer.Forward(x[0], x[1], null, new AttentionOptions { KeyLengths = lengths }));
    }

    public static TheoryData<string, TransformerBlockOptions> Configurations => new()
    {
        { "as it is", Small },
        { "pre-norm", Small with { NormFirst = true, Activation = FeedForwardActivation.Gelu } },
        { "decoder", Decoder },
        { "pre-norm decoder", Decoder with { NormFirst = true, KeyHeadCount = 1, Activation = FeedForwardActivation.GeluTanh } },
        { "causal, without biases", Small with { IsCausal = true, Bias = false } },
        { "window", Small with { Window = 2 } },
        { "causal window, ALiBi", Small with { IsCausal = true, Window = 3, Alibi = true, HeadCount = 3 } },
        { "RMS norm, SwiGLU", Small with { Norm = NormKind.RmsNorm, Activation = FeedForwardActivation.SwiGlu } },
        { "a cap and ALiBi", Small with { Softcap = 0.4f, IsCausal = true, Alibi = true } },
        { "a decoder with a cap and narrow values", Decoder with { Softcap = 0.4f, ValueHeadSize = 2, KeyHeadCount = 1 } },
        { "wide values, without biases", Small with { ValueHeadSize = 5, Bias = false, Window = 2 } },
        { "wide values, rotary", Small with { ModelSize = 8, ValueHeadSize = 7, Rotary = new RotaryPositions(4) } },
        { "as Llama", Small with
            {
                NormFirst = true,
                ModelSize = 16,
                HeadCount = 4,
                KeyHeadCount = 2,
                IsCausal = true,
                Bias = false,
                Norm = NormKind.RmsNorm,
                Activation = FeedForwardActivation.SwiGlu,
                Rotary = new RotaryPositions(4),
            }
        },
    };

    [Theory]
    [MemberData(nameof(Configurations), DisableDiscoveryEnumeration = true)]
    public void A_block_is_its_definition(string name, TransformerBlockOptions options)
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(1);
        using var block = new TransformerBlock(options, random);
        ParameterCheck.Enliven(block, random);
        Tensor x = Tensor.RandomNormal([2, 5, options.ModelSize], random),
            source = Tensor.RandomNormal([2, 4, options.ModelSize], random);
        var y = options.HasSource ? block.Forward(x, source) : block.Forward(x);
        y.Value.ShouldBeCloseTo(new PlainBlock(block).Forward(x, options.HasSource ? source : null), 2e-5f, name);
    }

    [Fact]
    public void A_mask_given_to_a_causal_block_does_not_show_the_future()
    {
        using var scope = new TensorScope();
        using var block = new TransformerBlock(Small with { IsCausal = true, Window = 3 }, new RandomGenerator(1));
        Variable x = Tensor.RandomNormal([1, 4, 6], new RandomGenerator(2));
        using var lengths = IndexTensor.FromSpan([4], [1]);
        block.Forward(x, new AttentionOptions { KeyLengths = lengths, Window = 9 }).Value.ToArray()
            .Should().Equal(block.Forward(x).Value.ToArray());
    }

    [Theory]
    [InlineData(false, FeedForwardActivation.Relu)]
    [InlineData(false, FeedForwardActivation.Gelu)]
    [InlineData(true, FeedForwardActivation.GeluTanh)]
    [InlineData(true, FeedForwardActivation.SwiGlu)]
    public void Gradients_of_parameters_match_finite_differences(bool normFirst, FeedForwardActivation activation)
    {
        var random = new RandomGenerator(1);
        using var layer = new TransformerBlock(
            Decoder with
            {
                NormFirst = normFirst,
                Activation = activation,
                KeyHeadCount = 1,
                ValueHeadSize = normFirst ? 2 : 0,
                Softcap = normFirst ? 0.5f : null,
            },
            random);
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
        using var encoder = new TransformerStack(2, Small, random);
        using var decoder = new TransformerStack(2, Decoder, random, finalNorm: FinalNormOptions.None);
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
        using TransformerStack plain = new(1, layer, new RandomGenerator(1), FinalNormOptions.None),
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
        using TransformerBlock layer = new(Small with { Dropout = 0.3f }, random), plain = new(Small, random);
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
        ((Action)(() => _ = new TransformerBlock(Small with { FeedForwardSize = 0 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new TransformerBlock(Small with { HeadCount = 4 }, random)))
            .Should().Throw<ArgumentException>().WithMessage("*multiple of the number of heads; got 6 and 4*");
        ((Action)(() => _ = new TransformerStack(0, Small, random))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new TransformerBlock(Small with { Window = -1 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("TransformerBlock: Window should be at least 0.*");
        ((Action)(() => _ = new TransformerBlock(Small with { AttentionDropout = 1f }, random)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*AttentionDropout should be in [0, 1).*");
        ((Action)(() => _ = new TransformerBlock(Small with { ValueHeadSize = -1 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("TransformerBlock: ValueHeadSize should be at least 0.*");
        foreach (var cap in (float[])[0f, -1f, float.NaN, float.PositiveInfinity])
        {
            ((Action)(() => _ = new TransformerBlock(Small with { Softcap = cap }, random)))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("TransformerBlock: Softcap should be*");
        }
        using var layer = new TransformerBlock(Decoder, random);
        Variable x = Tensor.Zeros([2, 3, 6]), wide = Tensor.Zeros([2, 3, 7]);
        layer.Invoking(l => l.Forward(wide, x))
            .Should().Throw<ShapeException>().WithMessage("*(B, T, D) with D = 6; got (2, 3, 7)*");
        layer.Invoking(l => l.Forward(x, wide)).Should().Throw<ShapeException>();
        layer.Invoking(l => l.Forward(x)).Should().Throw<InvalidOperationException>()
            .WithMessage("TransformerBlock: it attends to a source, so pass one.");
        using var encoder = new TransformerBlock(Small, random);
        encoder.Invoking(l => l.Forward(x, x)).Should().Throw<InvalidOperationException>()
            .WithMessage("TransformerBlock: it does not attend to a source. Hint: set TransformerBlockOptions.HasSource.");
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
