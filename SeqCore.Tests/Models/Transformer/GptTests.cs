using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Transformer;

public class GptTests
{
    private static readonly GptOptions Tiny =
        new() { VocabularySize = 7, MaximumLength = 6, Layers = 2, HeadCount = 2, ModelSize = 8 };

    [Fact]
    public void Logits_loss_and_gradients_are_those_of_PyTorch_with_its_weights()
    {
        var golden = Golden.Read("gpt.json");
        using var model = new Gpt(Tiny, new RandomGenerator(1));
        model.LoadStateDictionary(golden.GetProperty("state").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.ToTensor()));
        int[] Integers(string name) => [.. golden.GetProperty(name).EnumerateArray().SelectMany(r => r.Integers())];
        using IndexTensor tokens = IndexTensor.FromSpan(Integers("tokens"), [2, 5]),
            targets = IndexTensor.FromSpan(Integers("targets"), [2, 5]);
        using var tape = new Tape();
        var logits = model.Predict(tokens);
        logits.Value.ShouldBeCloseTo(golden.GetProperty("logits").ToTensor(), 1e-5f, "logits");
        var loss = logits.CrossEntropy(targets);
        loss.Value.Item().Should().BeApproximately(golden.GetProperty("loss").GetSingle(), 1e-5f);
        tape.Backward(loss);
        var parameters = model.NamedParameters().ToDictionary();
        foreach (var gradient in golden.GetProperty("gradients").EnumerateObject())
            parameters[gradient.Name].Gradient!.ShouldBeCloseTo(gradient.Value.ToTensor(), 1e-5f, gradient.Name);
    }

    [Fact]
    public void Parameters_have_the_names_and_shapes_of_GPT_2()
    {
        using var model = new Gpt(Tiny with { Layers = 1 }, new RandomGenerator(1));
        model.StateDictionary().Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal(
            "transformer.wte.weight (7, 8)",
            "transformer.wpe.weight (6, 8)",
            "transformer.h.0.ln_1.weight (8,)",
            "transformer.h.0.ln_1.bias (8,)",
            "transformer.h.0.attn.c_attn.weight (24, 8)",
            "transformer.h.0.attn.c_attn.bias (24,)",
            "transformer.h.0.attn.c_proj.weight (8, 8)",
            "transformer.h.0.attn.c_proj.bias (8,)",
            "transformer.h.0.ln_2.weight (8,)",
            "transformer.h.0.ln_2.bias (8,)",
            "transformer.h.0.mlp.c_fc.weight (32, 8)",
            "transformer.h.0.mlp.c_fc.bias (32,)",
            "transformer.h.0.mlp.c_proj.weight (8, 32)",
            "transformer.h.0.mlp.c_proj.bias (8,)",
            "transformer.ln_f.weight (8,)",
            "transformer.ln_f.bias (8,)",
            "lm_head.weight (7, 8)");
    }

    [Fact]
    public void The_parameters_of_nanoGPTs_small_setting_are_as_many_as_the_formula_says()
    {
        const int v = 65, t = 64, d = 128, layers = 4;
        using var model = new Gpt(new GptOptions
        {
            VocabularySize = v,
            MaximumLength = t,
            Layers = layers,
            HeadCount = 4,
            ModelSize = d,
            Bias = false,
        }, new RandomGenerator(1));
        model.ParameterCount.Should().Be(((v + t) * d) + (layers * ((12 * d * d) + (2 * d))) + d);
    }

    [Fact]
    public void Initial_values_are_those_of_nanoGPT()
    {
        using var model = new Gpt(new GptOptions
        {
            VocabularySize = 65,
            MaximumLength = 64,
            Layers = 3,
            HeadCount = 4,
            ModelSize = 128,
        }, new RandomGenerator(5));
        foreach (var (name, value) in model.StateDictionary())
        {
            var numbers = value.ToArray();
            if (name.EndsWith("bias", StringComparison.Ordinal))
                numbers.Should().OnlyContain(x => x == 0f, name);
            else if (name.Contains("ln_", StringComparison.Ordinal))
                numbers.Should().OnlyContain(x => x == 1f, name);
            else
            {
                var expected = name.Contains("c_proj", StringComparison.Ordinal) ? 0.02 / Math.Sqrt(6) : 0.02;
                var mean = numbers.Average(x => (double)x);
                mean.Should().BeApproximately(0, 5 * expected / Math.Sqrt(numbers.Length), name);
                Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)))
                    .Should().BeApproximately(expected, 4 * expected / Math.Sqrt(2.0 * numbers.Length), name);
            }
        }
    }

    [Fact]
    public void Attention_weights_are_those_that_the_logits_were_made_with()
    {
        using var scope = new TensorScope();
        using var model = Lively(Tiny with { KeyHeadCount = 1, Dropout = 0.5f });
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 6, 0, 1], [2, 4]);
        var weights = model.AttentionWeights(tokens);
        weights.Select(w => w.Shape.ToString()).Should().Equal("(2, 2, 4, 4)", "(2, 2, 4, 4)");
        foreach (var layer in weights)
        {
            layer.Value.Sum(-1).ToArray().ShouldBeCloseTo([.. Enumerable.Repeat(1f, 16)], 1e-6f, "sums");
            model.AttentionWeights(tokens)[1].Value.ToArray()
                .Should().Equal(weights[1].Value.ToArray(), "nothing is dropped for looking at");
            for (var t = 0; t < 3; t++)
                layer.Value[.., .., t, (t + 1)..].ToArray().Should().OnlyContain(w => w == 0f, "the future is hidden");
        }
    }

    [Fact]
    public void Rotary_positions_RmsNorm_and_SwiGlu_have_their_parameters()
    {
        var options = Tiny with
        {
            Layers = 1,
            Positions = PositionKind.Rotary,
            Norm = NormKind.RmsNorm,
            Activation = FeedForwardActivation.SwiGlu,
            FeedForwardSize = 20,
            KeyHeadCount = 1,
            Bias = false,
        };
        using var model = new Gpt(options, new RandomGenerator(1));
        model.StateDictionary().Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal(
            "transformer.wte.weight (7, 8)",
            "transformer.h.0.ln_1.weight (8,)",
            "transformer.h.0.attn.c_attn.weight (16, 8)",
            "transformer.h.0.attn.c_proj.weight (8, 8)",
            "transformer.h.0.ln_2.weight (8,)",
            "transformer.h.0.mlp.c_fc.weight (40, 8)",
            "transformer.h.0.mlp.c_proj.weight (8, 20)",
            "transformer.ln_f.weight (8,)",
            "lm_head.weight (7, 8)");
    }

    [Fact]
    public void Later_tokens_do_not_change_earlier_predictions_and_a_window_hides_the_far_past()
    {
        using var scope = new TensorScope();
        using var model = Lively(Tiny with { Layers = 1, Window = 2 });
        using IndexTensor a = IndexTensor.FromSpan([1, 2, 3, 4], [1, 4]), b = IndexTensor.FromSpan([1, 2, 6, 5], [1, 4]),
            c = IndexTensor.FromSpan([0, 2, 3, 4], [1, 4]);
        var (fromA, fromB, fromC) = (model.Predict(a).Value, model.Predict(b).Value, model.Predict(c).Value);
        fromB[0, ..2].ToArray().Should().Equal(fromA[0, ..2].ToArray());
        fromB[0, 2].ToArray().Should().NotEqual(fromA[0, 2].ToArray());
        fromC[0, 1].ToArray().Should().NotEqual(fromA[0, 1].ToArray());
        fromC[0, 2..].ToArray().ShouldBeCloseTo(fromA[0, 2..].ToArray(), 1e-6f,
            "two steps later the first token is out of sight");
    }

    [Theory]
    [InlineData(PositionKind.Learned, FeedForwardActivation.Gelu, NormKind.LayerNorm)]
    [InlineData(PositionKind.Rotary, FeedForwardActivation.SwiGlu, NormKind.RmsNorm)]
    [InlineData(PositionKind.Alibi, FeedForwardActivation.GeluTanh, NormKind.LayerNorm)]
    [InlineData(PositionKind.Sinusoidal, FeedForwardActivation.SwiGlu, NormKind.LayerNorm)]
    public void Gradient_matches_finite_differences(PositionKind positions, FeedForwardActivation activation, NormKind norm)
    {
        using var model = Lively(new GptOptions
        {
            VocabularySize = 5,
            MaximumLength = 4,
            Layers = 1,
            HeadCount = 2,
            KeyHeadCount = 1,
            ModelSize = 4,
            TieWeights = false,
            Positions = positions,
            Activation = activation,
            Norm = norm,
        });
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 0, 4, 2], [2, 3]);
        using var targets = IndexTensor.FromSpan([2, 3, 1, 4, 2, 0], [2, 3]);
        foreach (var (name, parameter) in model.NamedParameters())
            ParameterCheck.Run(model, parameter, () => model.Predict(tokens).CrossEntropy(targets), name, 1.0 / 256);
    }

    [Fact]
    public void Learns_a_short_cycle_by_heart()
    {
        using var model = new Gpt(new GptOptions
        {
            VocabularySize = 5,
            MaximumLength = 12,
            Layers = 2,
            HeadCount = 2,
            ModelSize = 16,
            Dropout = 0.05f,
        }, new RandomGenerator(2));
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        int[] cycle = [0, 1, 2, 1, 3, 4, 0, 1, 2, 1, 3, 4, 0];
        using IndexTensor tokens = IndexTensor.FromSpan(cycle.AsSpan(0, 12), [1, 12]),
            targets = IndexTensor.FromSpan(cycle.AsSpan(1), [1, 12]);
        for (var i = 0; i < 100; i++)
        {
            using var tape = new Tape();
            tape.Backward(model.Predict(tokens).CrossEntropy(targets));
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        model.Evaluate();
        using var scope = new TensorScope();
        model.Predict(tokens).CrossEntropy(targets).Value.Item().Should().BeLessThan(0.1f);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        ((Action)(() => Make(Tiny with { VocabularySize = 0 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*VocabularySize should be at least 1*");
        ((Action)(() => Make(Tiny with { HeadCount = 0, Positions = PositionKind.Rotary })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*HeadCount should be at least 1*");
        ((Action)(() => Make(Tiny with { ModelSize = 0 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*ModelSize should be at least 1*");
        ((Action)(() => Make(Tiny with { HeadCount = 3 })))
            .Should().Throw<ArgumentException>().WithMessage("*a multiple of the number of heads; got 8 and 3*");
        ((Action)(() => Make(Tiny with { HeadCount = 4, KeyHeadCount = 3 })))
            .Should().Throw<ArgumentException>().WithMessage("*the number of key heads; got 4 and 3*");
        ((Action)(() => Make(Tiny with { MaximumLength = null })))
            .Should().Throw<ArgumentException>().WithMessage("*learned positions need a MaximumLength*");
        ((Action)(() => Make(Tiny with { Dropout = 1f }))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Dropout*");
        ((Action)(() => Make(Tiny with { Positions = (PositionKind)9 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Gpt: there is no such Positions*");
        ((Action)(() => Make(Tiny with { Activation = (FeedForwardActivation)9 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Gpt: there is no such Activation*");
        ((Action)(() => Make(Tiny with { Norm = (NormKind)9 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Gpt: there is no such Norm*");
        ((Action)(() => Make(Tiny with { KeyHeadCount = -1 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Gpt: KeyHeadCount should be at least 0*");
        ((Action)(() => Make(Tiny with { Window = -1 }))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Window*");
        using var model = Make(Tiny);
        using IndexTensor flat = IndexTensor.FromSpan([1, 2], [2]), tooLong = IndexTensor.FromSpan(new int[7], [1, 7]),
            foreign = IndexTensor.FromSpan([1, 99], [1, 2]);
        model.Invoking(m => m.Predict(flat))
            .Should().Throw<ShapeException>().WithMessage("Gpt: tokens should have shape (B, T) with T at most 6; got (2,)*");
        model.Invoking(m => m.Predict(tooLong)).Should().Throw<ShapeException>().WithMessage("*T at most 6; got (1, 7)*");
        model.Invoking(m => m.Predict(foreign).Value.ToArray()).Should().Throw<ArgumentException>().WithMessage("*99*");

        static Gpt Make(GptOptions options) => new(options, new RandomGenerator(1));
    }

    /// <summary>A model whose weights are large enough for attention to matter.</summary>
    internal static Gpt Lively(GptOptions options, float deviation = 0.5f)
    {
        var random = new RandomGenerator(1);
        var model = new Gpt(options, random);
        ParameterCheck.Enliven(model, random, deviation);
        return model;
    }
}
