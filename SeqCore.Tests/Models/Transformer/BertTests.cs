using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Transformer;

public class BertTests
{
    private static readonly BertOptions Tiny = new()
    {
        VocabularySize = 9,
        MaximumLength = 6,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 4,
        FeedForwardSize = 5,
        ClassCount = 3,
        Dropout = 0f,
    };

    [Fact]
    public void Hidden_vectors_logits_and_gradients_are_those_of_PyTorch_with_its_weights()
    {
        var golden = Golden.Read("bert.json");
        using var model = new Bert(Tiny, new RandomGenerator(1));
        model.LoadStateDictionary(golden.GetProperty("state").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.ToTensor()));
        int[] Integers(string name) => [.. golden.GetProperty(name).EnumerateArray().SelectMany(r => r.Integers())];
        var numbers = Integers("tokens");
        using IndexTensor tokens = IndexTensor.FromSpan(numbers, [2, 5]),
            segments = IndexTensor.FromSpan(Integers("segments"), [2, 5]);
        using var lengths = IndexTensor.FromSpan(golden.GetProperty("lengths").Integers(), [2]);
        using var tape = new Tape();
        var hidden = model.Encode(tokens, lengths, segments);
        var (logits, classes) = (model.PredictTokens(hidden), model.Classify(hidden));
        hidden.Value.ShouldBeCloseTo(golden.GetProperty("hidden").ToTensor(), 1e-5f, "hidden");
        logits.Value.ShouldBeCloseTo(golden.GetProperty("logits").ToTensor(), 1e-5f, "logits");
        classes.Value.ShouldBeCloseTo(golden.GetProperty("classes").ToTensor(), 1e-5f, "classes");
        for (var t = 3; t < 5; t++)
            numbers[5 + t] = -100;
        using IndexTensor answers = IndexTensor.FromSpan(numbers, [2, 5]), kinds = IndexTensor.FromSpan([2, 0], [2]);
        tape.Backward(logits.CrossEntropy(answers) + classes.CrossEntropy(kinds));
        var gradients = ParameterCheck.Gradients(model);
        foreach (var gradient in golden.GetProperty("gradients").EnumerateObject())
        {
            gradients[gradient.Name].ShouldBeCloseTo(gradient.Value.ToTensor(), 2e-5f, gradient.Name);
            gradients.Remove(gradient.Name);
        }

        gradients.Keys.Should().BeEquivalentTo(["cls.predictions.bias", "cls.predictions.decoder.weight"],
            "each is a parameter that has another name too");
    }

    [Fact]
    public void Parameters_have_the_names_of_Hugging_Face()
    {
        using var model = new Bert(Tiny with { Layers = 1 }, new RandomGenerator(1));
        model.StateDictionary().Keys.Should().BeEquivalentTo(
            [.. Golden.Read("bert.json").GetProperty("state").EnumerateObject().Select(p => p.Name)
                .Where(n => !n.Contains("layer.1", StringComparison.Ordinal)), "cls.predictions.bias"]);
        using var plain = new Bert(Tiny with { ClassCount = 0 }, new RandomGenerator(1));
        plain.StateDictionary().Keys.Should().NotContain(k => k.Contains("pooler", StringComparison.Ordinal)
            || k.Contains("classifier", StringComparison.Ordinal));
    }

    [Fact]
    public void Padding_changes_nothing_and_tokens_see_both_sides()
    {
        using var scope = new TensorScope();
        using var model = Lively(Tiny);
        using IndexTensor padded = IndexTensor.FromSpan([1, 2, 3, 8, 8], [1, 5]), alone = IndexTensor.FromSpan([1, 2, 3], [1, 3]),
            other = IndexTensor.FromSpan([1, 2, 4], [1, 3]);
        using var lengths = IndexTensor.FromSpan([3], [1]);
        var expected = model.Encode(alone).Value;
        model.Encode(padded, lengths).Value[.., ..3].ShouldBeCloseTo(expected, 1e-5f, "padded");
        model.Encode(other).Value[0, 0].ToArray().Should().NotEqual(expected[0, 0].ToArray());
        var weights = model.AttentionWeights(padded, lengths);
        weights.Select(w => w.Shape.ToString()).Should().Equal("(1, 2, 5, 5)", "(1, 2, 5, 5)");
        weights[1].Value[.., .., .., 3..].ToArray().Should().OnlyContain(w => w == 0f);
        weights[1].Value.Sum(-1).ToArray().ShouldBeCloseTo([.. Enumerable.Repeat(1f, 10)], 1e-6f, "sums");
    }

    [Fact]
    public void Initial_values_are_normal_around_0()
    {
        using var model = new Bert(Tiny with { ModelSize = 64, HeadCount = 4, FeedForwardSize = 0, VocabularySize = 200 },
            new RandomGenerator(2));
        foreach (var (name, value) in model.StateDictionary())
        {
            var numbers = value.ToArray();
            if (name.EndsWith("bias", StringComparison.Ordinal))
                numbers.Should().OnlyContain(x => x == 0f, name);
            else if (name.Contains("Norm", StringComparison.Ordinal))
            {
                numbers.Should().OnlyContain(x => x == 1f, name);
            }
            else
            {
                Math.Sqrt(numbers.Average(x => (double)x * x))
                    .Should().BeApproximately(0.02, 4 * 0.02 / Math.Sqrt(2.0 * numbers.Length), name);
            }
        }
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var scope = new TensorScope();
        using Bert model = new(Tiny with { Dropout = 0.3f }, new RandomGenerator(1)), plain = new(Tiny, new RandomGenerator(1));
        plain.LoadStateDictionary(model.StateDictionary());
        using var tokens = IndexTensor.FromSpan([1, 2, 3], [1, 3]);
        model.Classify(model.Encode(tokens)).Value.ToArray()
            .Should().NotEqual(plain.Classify(plain.Encode(tokens)).Value.ToArray());
        model.Evaluate();
        model.Classify(model.Encode(tokens)).Value.ToArray().Should().Equal(plain.Classify(plain.Encode(tokens)).Value.ToArray());
    }

    [Fact]
    public void A_sequence_of_no_tokens_is_all_padding_and_disturbs_no_other()
    {
        using var model = new Bert(Tiny with { Dropout = 0f }, new RandomGenerator(1));
        using IndexTensor tokens = IndexTensor.FromSpan([1, 2, 3, 1], [2, 2]), lengths = IndexTensor.FromSpan([0, 2], [2]);
        using IndexTensor alone = IndexTensor.FromSpan([3, 1], [1, 2]), negative = IndexTensor.FromSpan([-1, 2], [2]),
            tooMany = IndexTensor.FromSpan([3, 2], [2]);
        var both = model.Encode(tokens, lengths).Value;
        both.IsFinite().Should().BeTrue();
        both.Slice(0, 1, 1).ShouldBeCloseTo(model.Encode(alone).Value, 1e-5f, "the other sequence");
        model.Invoking(m => m.Encode(tokens, negative).Value.ToArray())
            .Should().Throw<ArgumentException>().WithMessage("*key lengths should lie in [0, S] = [0, 2]; got -1*");
        model.Invoking(m => m.Encode(tokens, tooMany).Value.ToArray()).Should().Throw<ArgumentException>().WithMessage("*got 3*");
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        ((Action)(() => Make(Tiny with { Layers = 0 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Bert: Layers should be at least 1.*");
        ((Action)(() => Make(Tiny with { HeadCount = 0 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Bert: HeadCount should be at least 1.*");
        ((Action)(() => Make(Tiny with { Activation = (FeedForwardActivation)9 })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Bert: there is no such Activation*");
        ((Action)(() => Make(Tiny with { HeadCount = 3 }))).Should().Throw<ArgumentException>().WithMessage("*got 4 and 3*");
        ((Action)(() => Make(Tiny with { Activation = FeedForwardActivation.SwiGlu })))
            .Should().Throw<ArgumentException>().WithMessage("Bert: Activation SwiGlu needs layers with a gate*");
        using var model = Make(Tiny with { ClassCount = 0 });
        using IndexTensor tokens = IndexTensor.FromSpan([1, 2], [1, 2]), tooLong = IndexTensor.FromSpan(new int[7], [1, 7]),
            flat = IndexTensor.FromSpan([1, 2], [2]);
        model.Invoking(m => m.Encode(tooLong)).Should().Throw<ShapeException>().WithMessage("*T at most 6; got (1, 7)*");
        model.Invoking(m => m.Encode(tokens, null, flat)).Should().Throw<ShapeException>()
            .WithMessage("Bert: segments should have shape (B, T) = (1, 2) because tokens is (1, 2); got (2,)*");
        model.Invoking(m => m.Encode(tokens, flat)).Should().Throw<ShapeException>().WithMessage("*KeyLengths*");
        model.Invoking(m => m.PredictTokens(Tensor.Zeros([2, 3])))
            .Should().Throw<ShapeException>().WithMessage("*(..., 4); got (2, 3)*");
        model.Invoking(m => m.Classify(m.Encode(tokens))).Should().Throw<InvalidOperationException>().WithMessage("*ClassCount*");

        static Bert Make(BertOptions options) => new(options, new RandomGenerator(1));
    }

    private static Bert Lively(BertOptions options)
    {
        var random = new RandomGenerator(1);
        var model = new Bert(options, random);
        ParameterCheck.Enliven(model, random);
        return model;
    }
}
