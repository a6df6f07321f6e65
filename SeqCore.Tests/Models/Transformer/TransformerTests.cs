using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Transformer;

public class TransformerTests
{
    internal static TransformerOptions Small { get; } = new()
    {
        SourceVocabularySize = 9,
        TargetVocabularySize = 7,
        EncoderLayers = 2,
        DecoderLayers = 2,
        Layer = new TransformerBlockOptions { ModelSize = 8, HeadCount = 2, FeedForwardSize = 12, Dropout = 0f },
    };

    [Fact]
    public void It_is_embeddings_encoder_decoder_and_head_one_after_the_other()
    {
        using var scope = new TensorScope();
        using var model = Lively(Small);
        var (encoder, decoder) = ((TransformerStack)Part(model, "encoder"), (TransformerStack)Part(model, "decoder"));
        var state = model.StateDictionary();
        using IndexTensor source = Tokens([1, 2, 3, 8, 5, 6], 2), target = Tokens([0, 4, 1, 6], 2),
            lengths = IndexTensor.FromSpan([3, 2], [2]);
        var what = new AttentionOptions { KeyLengths = lengths };
        var memory = encoder.Forward(Embedded("source_embedding", source, 3), what);
        var hidden = decoder.Forward(Embedded("target_embedding", target, 2), memory, null, what);
        model.Forward(source, lengths, target).Value
            .ShouldBeCloseTo(hidden.Linear(state["head.weight"], state["head.bias"]).Value, 1e-5f, "logits");

        Variable Embedded(string name, IndexTensor tokens, int steps) =>
            (state[name + ".weight"].Gather(tokens) * MathF.Sqrt(8)) + Sinusoids(steps, 8);
        static Tensor Sinusoids(int steps, int size) => Tensor.FromSpan(
            [.. Enumerable.Range(0, steps * size).Select(i => (float)Math.Sin(
                (i / size / Math.Pow(10000, i % size / 2 * 2 / (double)size)) + (i % 2 * Math.PI / 2)))], [steps, size]);
    }

    [Theory]
    [InlineData("post-norm, relu")]
    [InlineData("pre-norm, gelu")]
    public void Logits_and_gradients_are_those_of_PyTorch_with_its_weights(string name)
    {
        var golden = Golden.Read("transformer_model.json").GetProperty(name);
        using var model = new SeqCore.Models.Transformer(new TransformerOptions
        {
            SourceVocabularySize = 6,
            TargetVocabularySize = 5,
            EncoderLayers = 2,
            DecoderLayers = 1,
            TieWeights = false,
            Layer = new TransformerBlockOptions
            {
                ModelSize = 4,
                HeadCount = 2,
                FeedForwardSize = 5,
                Dropout = 0f,
                NormFirst = golden.GetProperty("normFirst").GetBoolean(),
                Activation = Enum.Parse<FeedForwardActivation>(golden.GetProperty("activation").GetString()!, ignoreCase: true),
            },
        }, new RandomGenerator(1));
        model.LoadStateDictionary(golden.GetProperty("state").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.ToTensor()));
        using IndexTensor source = Tokens(golden.GetProperty("source").Integers(), 2),
            target = Tokens(golden.GetProperty("target").Integers(), 2);
        using var lengths = IndexTensor.FromSpan(golden.GetProperty("lengths").Integers(), [2]);
        using var tape = new Tape();
        var logits = model.Forward(source, lengths, target);
        logits.Value.ShouldBeCloseTo(golden.GetProperty("logits").ToTensor(), 1e-5f, "logits");
        tape.Backward(logits, golden.GetProperty("seed").ToTensor());
        var parameters = model.NamedParameters().ToDictionary();
        foreach (var gradient in golden.GetProperty("gradients").EnumerateObject())
            parameters[gradient.Name].Gradient!.ShouldBeCloseTo(gradient.Value.ToTensor(), 1e-5f, "d" + gradient.Name);
    }

    [Fact]
    public void Parameters_have_the_names_of_PyTorch()
    {
        using var model = new SeqCore.Models.Transformer(Small with { Positions = PositionKind.Learned, MaximumLength = 5 },
            new RandomGenerator(1));
        var names = model.StateDictionary().Keys;
        names.Should().Contain(["source_embedding.weight", "target_embedding.weight", "source_positions.weight",
            "target_positions.weight",
            "encoder.layers.1.self_attn.in_proj_weight", "encoder.norm.weight", "decoder.layers.0.multihead_attn.out_proj.bias",
            "decoder.norm.bias", "head.weight", "head.bias"]);
        names.Should().HaveCount(6 + (2 * 12) + 2 + (2 * 18) + 2);
        model.NamedParameters().Select(p => p.Key).Should().NotContain("head.weight", "it is the table of the targets");
        using var shared = new SeqCore.Models.Transformer(Small with { TargetVocabularySize = 9, ShareEmbeddings = true },
            new RandomGenerator(1));
        shared.StateDictionary().Keys.Should().Contain("source_embedding.weight").And.NotContain("target_embedding.weight");
        using var apart = new SeqCore.Models.Transformer(Small with { TieWeights = false }, new RandomGenerator(1));
        apart.NamedParameters().Select(p => p.Key).Should().Contain("head.weight");
    }

    [Fact]
    public void Initial_values_are_those_of_Glorot_and_embeddings_are_as_wide_as_positions()
    {
        using var model = new SeqCore.Models.Transformer(
            Small with { TargetVocabularySize = 300, Layer = Small.Layer with { ModelSize = 64, FeedForwardSize = 128 } },
            new RandomGenerator(1));
        var state = model.StateDictionary();
        Deviation("target_embedding.weight").Should().BeApproximately(1.0 / 8, 0.003);
        Deviation("encoder.layers.0.self_attn.in_proj_weight").Should().BeApproximately(Math.Sqrt(2.0 / (64 + 192)), 0.003);
        Deviation("decoder.layers.1.linear1.weight").Should().BeApproximately(Math.Sqrt(2.0 / (64 + 128)), 0.003);

        double Deviation(string name) => Math.Sqrt(state[name].ToArray().Average(x => (double)x * x));
    }

    [Fact]
    public void Padding_of_the_source_and_later_targets_change_nothing()
    {
        using var scope = new TensorScope();
        using var model = Lively(Small);
        using IndexTensor padded = Tokens([1, 2, 8, 8], 1), alone = Tokens([1, 2], 1), lengths = IndexTensor.FromSpan([2], [1]);
        using IndexTensor target = Tokens([0, 4, 1], 1), longer = Tokens([0, 4, 1, 5, 5], 1);
        var expected = model.Forward(alone, null, target).Value;
        model.Forward(padded, lengths, longer).Value[.., ..3].ShouldBeCloseTo(expected, 1e-5f, "logits");
        model.Forward(padded, null, target).Value.ToArray().Should().NotEqual(expected.ToArray());
    }

    [Fact]
    public void Attention_of_every_layer_can_be_looked_at()
    {
        using var scope = new TensorScope();
        using var model = Lively(Small with { EncoderLayers = 1 });
        using IndexTensor source = Tokens([1, 2, 3, 8, 5, 6], 2), target = Tokens([0, 4, 1, 6], 2),
            lengths = IndexTensor.FromSpan([3, 2], [2]);
        var weights = model.AttentionWeights(source, lengths, target);
        weights.Encoder.Select(w => w.Shape.ToString()).Should().Equal("(2, 2, 3, 3)");
        weights.Decoder.Select(w => w.Shape.ToString()).Should().Equal("(2, 2, 2, 2)", "(2, 2, 2, 2)");
        weights.Source.Select(w => w.Shape.ToString()).Should().Equal("(2, 2, 2, 3)", "(2, 2, 2, 3)");
        weights.Source[1].Value[1, .., .., 2].ToArray().Should().OnlyContain(w => w == 0f, "padding is hidden");
        weights.Decoder[0].Value[.., .., 0, 1].ToArray().Should().OnlyContain(w => w == 0f, "the future is hidden");
        var result = model.Forward(source, lengths, target, returnAttention: true);
        result.Logits.Value.ShouldBeCloseTo(model.Forward(source, lengths, target).Value, 1e-5f, "logits");
        for (var l = 0; l < 2; l++)
            result.Attention[l].Value.ShouldBeCloseTo(weights.Source[l].Value, 1e-5f, "attention");
        model.Forward(source, lengths, target, returnAttention: false).Attention.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false, PositionKind.Rotary)]
    [InlineData(true, PositionKind.Alibi)]
    public void Gradients_of_parameters_match_finite_differences(bool normFirst, PositionKind positions)
    {
        using var model = Lively(Small with
        {
            EncoderLayers = 1,
            DecoderLayers = 1,
            Positions = positions,
            Layer = new TransformerBlockOptions
            {
                ModelSize = 4,
                HeadCount = 2,
                FeedForwardSize = 3,
                Dropout = 0f,
                NormFirst = normFirst,
                Activation = FeedForwardActivation.SwiGlu,
                Norm = NormKind.RmsNorm,
            },
        });
        using IndexTensor source = Tokens([1, 2, 3, 8, 5, 6], 2), target = Tokens([0, 4, 1, 6], 2),
            answers = Tokens([4, 2, 6, 3], 2);
        foreach (var (name, parameter) in model.NamedParameters())
            ParameterCheck.Run(model, parameter, () => model.Forward(source, null, target).CrossEntropy(answers), name,
                1.0 / 256);
    }

    [Fact]
    public void Learns_to_reverse_a_sequence()
    {
        var random = new RandomGenerator(2);
        using var model = new SeqCore.Models.Transformer(Small with
        {
            SourceVocabularySize = 7,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = Small.Layer with { ModelSize = 16, FeedForwardSize = 32, NormFirst = true },
        }, random);
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        int[] rows = [1, 2, 3, 4, 5, 6, 2, 4, 6, 5, 3, 1];
        using IndexTensor source = Tokens(rows, 3), target = Tokens([0, 4, 3, 2, 0, 4, 2, 6, 0, 1, 3, 5], 3),
            answers = Tokens([4, 3, 2, 1, 4, 2, 6, 5, 1, 3, 5, 6], 3);
        for (var i = 0; i < 80; i++)
        {
            using var tape = new Tape();
            tape.Backward(model.Forward(source, null, target).CrossEntropy(answers));
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        using var scope = new TensorScope();
        model.Forward(source, null, target).CrossEntropy(answers).Value.Item().Should().BeLessThan(0.1f);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        ((Action)(() => Make(Small with { ShareEmbeddings = true })))
            .Should().Throw<ArgumentException>().WithMessage("*vocabularies of the same size; got 9 and 7*");
        ((Action)(() => Make(Small with { Positions = PositionKind.Learned })))
            .Should().Throw<ArgumentException>().WithMessage("*learned positions need a MaximumLength*");
        ((Action)(() => Make(Small with { Positions = PositionKind.Rotary, Layer = Small.Layer with { HeadCount = 0 } })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*HeadCount should be at least 1*");
        ((Action)(() => Make(Small with { DecoderLayers = 0 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Transformer: DecoderLayers should be at least 1.*");
        ((Action)(() => Make(Small with { SourceVocabularySize = 0 }))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Transformer: SourceVocabularySize should be at least 1.*");
        ((Action)(() => Make(Small with { Layer = Small.Layer with { FeedForwardSize = 0 } })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Transformer: FeedForwardSize should be at least 1.*");
        ((Action)(() => Make(Small with { Positions = (PositionKind)9 }))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Transformer: there is no such Positions; the values are None, Learned, Sinusoidal, Rotary, Alibi.*");
        ((Action)(() => Make(Small with { Layer = Small.Layer with { Activation = (FeedForwardActivation)9 } })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Transformer: there is no such Activation*");
        ((Action)(() => Make(Small with { Layer = Small.Layer with { Norm = (NormKind)9 } })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Transformer: there is no such Norm*");
        ((Action)(() => _ = new TransformerBlock(Small.Layer with { Activation = (FeedForwardActivation)9 },
            new RandomGenerator(1)))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("TransformerBlock: there is no such Activation*");
        using var rotary = new RotaryPositions(4);
        foreach (var kind in Enum.GetValues<PositionKind>().Where(k => k != PositionKind.Rotary))
        {
            ((Action)(() => Make(Small with
            {
                MaximumLength = 4,
                Positions = kind,
                Layer = Small.Layer with { Rotary = rotary },
            }))).Should().Throw<ArgumentException>().WithMessage(
                $"Transformer: Layer.Rotary would add positions to those of Positions {kind}. Set Positions to Rotary*");
        }

        ((Action)(() => Make(Small with { Layer = Small.Layer with { Alibi = true } }))).Should().Throw<ArgumentException>()
            .WithMessage("Transformer: Layer.Alibi would add positions to those of Positions Sinusoidal. Set"
                + " Positions to Alibi*");
        using (Make(Small with { Positions = PositionKind.Rotary, Layer = Small.Layer with { Rotary = rotary } }))
        {
            // The user's own angles are welcome where positions are rotary.
        }

        using var model = Make(Small with { MaximumLength = 3 });
        using IndexTensor three = Tokens([1, 2, 3], 1), four = Tokens([1, 2, 3, 4], 1), two = Tokens([1, 2], 2);
        model.Invoking(m => m.Forward(four, null, three)).Should().Throw<ShapeException>()
            .WithMessage("Transformer: source should have shape (B, S) with S at most 3; got (1, 4)*");
        model.Invoking(m => m.Forward(three, null, four))
            .Should().Throw<ShapeException>().WithMessage("*targetInput*T at most 3*");
        model.Invoking(m => m.Forward(three, null, two)).Should().Throw<ShapeException>()
            .WithMessage("*targetInput should have shape (B, T) = (1, T) because source is (1, 3); got (2, 1)*");
        model.Invoking(m => m.Forward(three, two, three)).Should().Throw<ShapeException>();
        using var none = IndexTensor.Uninitialized(new Shape(0, 3));
        model.Invoking(m => m.NewStream(none, null)).Should().Throw<ShapeException>()
            .WithMessage("Transformer: source should have shape (B, S) with B at least 1; got (0, 3).");
        using var tooMany = IndexTensor.FromSpan([4], [1]);
        model.Invoking(m => m.Forward(three, tooMany, three).Value.ToArray())
            .Should().Throw<ArgumentException>().WithMessage("Attention: key lengths should lie in [0, S] = [0, 3]; got 4.");

        static SeqCore.Models.Transformer Make(TransformerOptions options) => new(options, new RandomGenerator(1));
    }

    internal static SeqCore.Models.Transformer Lively(TransformerOptions options)
    {
        var random = new RandomGenerator(1);
        var model = new SeqCore.Models.Transformer(options, random);
        ParameterCheck.Enliven(model, random);
        return model;
    }

    internal static IndexTensor Tokens(int[] values, int batch) => IndexTensor.FromSpan(values, [batch, values.Length / batch]);

    private static Module Part(Module model, string name) => model.Children.Single(c => c.Key == name).Value;
}
