using SeqCore.Models;
using SeqCore.Tests.Models.Transformer;

namespace SeqCore.Tests.Models.Attention;

public class MultiHeadAttentionTests
{
    public static TheoryData<string> Cases => LayerGolden.Names("attention");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_weights_and_gradients_are_those_of_PyTorch_with_its_weights(string name)
    {
        var golden = new LayerGolden("attention", name);
        var options = new MultiHeadAttentionOptions
        {
            KeySize = golden.Case.GetProperty("keySize").GetInt32(),
            ValueSize = golden.Case.GetProperty("valueSize").GetInt32(),
            Bias = golden.Case.GetProperty("bias").GetBoolean(),
        };
        using var layer = new MultiHeadAttention(6, 2, new RandomGenerator(1), options);
        using var lengths = golden.Lengths;
        var what = new AttentionOptions { IsCausal = golden.Case.GetProperty("causal").GetBoolean(), KeyLengths = lengths };
        foreach (var withWeights in new[] { false, true })
        {
            layer.ZeroGradients();
            golden.Compare(layer, name.StartsWith("self", StringComparison.Ordinal) ? ["query"] : ["query", "key", "value"], x =>
            {
                var result = x.Length == 1
                    ? layer.Forward(x[0], x[0], null, what, withWeights)
                    : layer.Forward(x[0], x[1], x[2], what, withWeights);
                (result.Weights is not null).Should().Be(withWeights);
                result.Weights?.Value.ShouldBeCloseTo(golden["weights"], 1e-6f, "weights");
                return result.Output;
            });
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    [InlineData(4, 1)]
    [InlineData(4, 2, 3, 0.5f)]
    public void Projecting_all_at_once_or_apart_gives_the_same(int headCount, int keyHeadCount, int valueHeadSize = 0,
        float? softcap = null)
    {
        using var scope = new TensorScope();
        using var layer = Make(headCount, new MultiHeadAttentionOptions
        {
            KeyHeadCount = keyHeadCount,
            ValueHeadSize = valueHeadSize,
            Softcap = softcap,
        });
        var x = Tensor.RandomNormal([2, 5, 8], new RandomGenerator(3));
        Variable query = x, keys = x.Copy(), values = x.Copy();
        var expected = layer.Forward(query, query).Output.Value;
        layer.Forward(query, keys).Output.Value.ShouldBeCloseTo(expected, 1e-6f, "keys that are values");
        layer.Forward(query, keys, values).Output.Value.ShouldBeCloseTo(expected, 1e-6f, "all three apart");
        layer.Forward(query, query, returnWeights: true).Output.Value.ShouldBeCloseTo(expected, 1e-6f, "with weights");
    }

    [Fact]
    public void Scores_are_modified_by_the_layer_or_by_a_call()
    {
        using var scope = new TensorScope();
        ScoreModification flat = (scores, _) => scores * 0f, near = (scores, at) => scores - at.Distances.ToTensor().Abs();
        using MultiHeadAttention plain = Make(2, null),
            flattening = Make(2, new MultiHeadAttentionOptions { ScoreModification = flat });
        var x = new Variable(Tensor.RandomNormal([2, 5, 8], new RandomGenerator(3)));
        var weights = flattening.Forward(x, x, options: AttentionOptions.Causal, returnWeights: true).Weights!.Value;
        weights.Slice(2, 4, 1).ToArray().ShouldBeCloseTo([.. Enumerable.Repeat(0.2f, 20)], 1e-6f, "weights of the last query");
        var called = AttentionOptions.Causal with { ScoreModification = near };
        foreach (var other in (Variable[])[x, x * 1f])
        {
            var expected = plain.Forward(x, other, options: AttentionOptions.Causal with { Slopes = Tensor.Ones([2]) }).Output;
            foreach (var layer in (MultiHeadAttention[])[plain, flattening])
                layer.Forward(x, other, options: called).Output.Value.ShouldBeCloseTo(expected.Value, 1e-6f, "the call's");
        }
    }

    [Fact]
    public void Groups_of_queries_share_the_keys_and_values_that_all_heads_would_have_if_those_were_copied()
    {
        using var scope = new TensorScope();
        using MultiHeadAttention grouped = Make(4, new MultiHeadAttentionOptions { KeyHeadCount = 2 }), full = Make(4, null);
        var state = grouped.StateDictionary();
        state["in_proj_weight"] = Copied(state["in_proj_weight"]);
        state["in_proj_bias"] = Copied(state["in_proj_bias"]);
        full.LoadStateDictionary(state);
        Variable x = Tensor.RandomNormal([2, 5, 8], new RandomGenerator(3));
        full.Forward(x, x, options: AttentionOptions.Causal).Output.Value
            .ShouldBeCloseTo(grouped.Forward(x, x, options: AttentionOptions.Causal).Output.Value, 1e-6f, "output");

        static Tensor Copied(Tensor packed) => Tensor.Concat([packed[..8],
            .. new[] { 8, 10, 12, 14 }.SelectMany(i => new[] { packed[i..(i + 2)], packed[i..(i + 2)] })]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    [InlineData(2, true, 3, 0.5f)]
    public void Gradients_of_parameters_match_finite_differences(int keyHeadCount, bool alibi, int valueHeadSize = 0,
        float? softcap = null)
    {
        using var rotary = new RotaryPositions(2);
        using var layer = Make(4, new MultiHeadAttentionOptions
        {
            KeyHeadCount = keyHeadCount,
            Alibi = alibi,
            Rotary = rotary,
            ValueHeadSize = valueHeadSize,
            Softcap = softcap,
        });
        Variable x = Tensor.RandomNormal([2, 3, 8], new RandomGenerator(3));
        foreach (var (name, parameter) in layer.NamedParameters())
            ParameterCheck.Run(layer, parameter, () => layer.Forward(x, x).Output.Tanh().Sum() * 0.1f, name);
    }

    [Fact]
    public void Rotary_positions_and_ALiBi_depend_on_distances_alone()
    {
        using var scope = new TensorScope();
        using var rotary = new RotaryPositions(4);
        foreach (var options in new MultiHeadAttentionOptions[] { new() { Rotary = rotary }, new() { Alibi = true } })
        {
            using MultiHeadAttention layer = Make(2, options), plain = Make(2, null);
            var x = Tensor.RandomNormal([1, 6, 8], new RandomGenerator(3));
            Variable all = x, last = x[.., 2..].Copy();
            var what = AttentionOptions.Causal with { Window = 3 };
            var expected = layer.Forward(all, all, options: what).Output.Value[.., 4..];
            layer.Forward(last, last, options: what).Output.Value[.., 2..].ShouldBeCloseTo(expected, 1e-5f, "two steps later");
            plain.LoadStateDictionary(layer.StateDictionary());
            plain.Forward(all, all, options: what).Output.Value.ToArray()
                .Should().NotEqual(layer.Forward(all, all, options: what).Output.Value.ToArray());
        }
    }

    [Fact]
    public void Initial_values_are_those_of_PyTorch()
    {
        using var layer = new MultiHeadAttention(64, 4, new RandomGenerator(2));
        var state = layer.StateDictionary();
        state.Select(p => $"{p.Key} {p.Value.Shape}")
            .Should().Equal("in_proj_weight (192, 64)", "in_proj_bias (192,)", "out_proj.weight (64, 64)", "out_proj.bias (64,)");
        Uniform(state["in_proj_weight"], Math.Sqrt(6.0 / 256));
        Uniform(state["out_proj.weight"], 1.0 / 8);
        state["in_proj_bias"].ToArray().Concat(state["out_proj.bias"].ToArray()).Should().OnlyContain(x => x == 0f);

        static void Uniform(Tensor weight, double bound)
        {
            var numbers = weight.ToArray();
            numbers.Should().OnlyContain(x => Math.Abs(x) <= bound);
            Math.Sqrt(numbers.Average(x => (double)x * x)).Should().BeApproximately(bound / Math.Sqrt(3), 0.03 * bound);
        }
    }

    [Fact]
    public void Weights_are_dropped_in_training_only()
    {
        using var scope = new TensorScope();
        using MultiHeadAttention layer = Make(2, new MultiHeadAttentionOptions { Dropout = 0.5f }), plain = Make(2, null);
        plain.LoadStateDictionary(layer.StateDictionary());
        Variable x = Tensor.RandomNormal([1, 6, 8], new RandomGenerator(3));
        var expected = plain.Forward(x, x).Output.Value;
        layer.Forward(x, x).Output.Value.ToArray().Should().NotEqual(expected.ToArray());
        layer.Evaluate();
        layer.Forward(x, x).Output.Value.ToArray().Should().Equal(expected.ToArray());
    }

    [Fact]
    public void Keys_and_values_of_widths_of_their_own_may_have_heads_of_another_size()
    {
        using var scope = new TensorScope();
        using var layer = Make(4, new MultiHeadAttentionOptions
        {
            KeySize = 5,
            ValueSize = 7,
            ValueHeadSize = 3,
            KeyHeadCount = 2,
        });
        layer.StateDictionary().Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal("q_proj_weight (8, 8)",
            "k_proj_weight (4, 5)", "v_proj_weight (6, 7)", "in_proj_bias (18,)", "out_proj.weight (8, 12)",
            "out_proj.bias (8,)");
        var random = new RandomGenerator(3);
        Variable query = Tensor.RandomNormal([2, 3, 8], random), keys = Tensor.RandomNormal([2, 5, 5], random),
            values = Tensor.RandomNormal([2, 5, 7], random);
        layer.Forward(query, keys, values).Output.Value
            .ShouldBeCloseTo(layer.Forward(query, keys, values, returnWeights: true).Output.Value, 1e-5f, "output");
    }

    [Fact]
    public void A_softcap_of_a_call_goes_before_that_of_the_layer()
    {
        using var scope = new TensorScope();
        using MultiHeadAttention capped = Make(2, new MultiHeadAttentionOptions { Softcap = 0.1f }), plain = Make(2, null);
        plain.LoadStateDictionary(capped.StateDictionary());
        Variable x = Tensor.RandomNormal([1, 6, 8], new RandomGenerator(3));
        var narrow = plain.Forward(x, x, options: new AttentionOptions { Softcap = 0.1f }).Output.Value.ToArray();
        capped.Forward(x, x).Output.Value.ToArray().Should().Equal(narrow)
            .And.NotEqual(plain.Forward(x, x).Output.Value.ToArray());
        var wide = new AttentionOptions { Softcap = 3f };
        capped.Forward(x, x, options: wide).Output.Value.ToArray()
            .Should().Equal(plain.Forward(x, x, options: wide).Output.Value.ToArray()).And.NotEqual(narrow);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Keys_prepared_once_serve_many_queries(int keyHeadCount)
    {
        using var layer = Make(4, new MultiHeadAttentionOptions { KeyHeadCount = keyHeadCount });
        var random = new RandomGenerator(3);
        Tensor query = Tensor.RandomNormal([2, 3, 8], random), keys = Tensor.RandomNormal([2, 5, 8], random),
            values = Tensor.RandomNormal([2, 5, 8], random);
        using var lengths = IndexTensor.FromSpan([5, 2], [2]);
        var options = new AttentionOptions { KeyLengths = lengths };
        var all = layer.Forward(query, keys, values, options, returnWeights: true);
        var source = layer.Prepare(keys, values, options);
        for (var t = 0; t < 3; t++)
        {
            var one = layer.Forward(query.Slice(1, t, 1), source, returnWeights: true);
            one.Output.Value.ShouldBeCloseTo(all.Output.Value.Slice(1, t, 1), 1e-5f, "output");
            one.Weights!.Value.ShouldBeCloseTo(all.Weights!.Value.Slice(2, t, 1), 1e-5f, "weights");
            layer.Forward(query.Slice(1, t, 1), source).Output.Value
                .ShouldBeCloseTo(one.Output.Value, 1e-5f, "output without weights");
        }
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        var random = new RandomGenerator(1);
        ((Action)(() => _ = new MultiHeadAttention(8, 3, random))).Should().Throw<ArgumentException>()
            .WithMessage("MultiHeadAttention: the model's width should be a multiple of the number of heads; got 8 and 3*");
        ((Action)(() => Make(4, new MultiHeadAttentionOptions { KeyHeadCount = 3 })))
            .Should().Throw<ArgumentException>().WithMessage("*the number of key heads; got 4 and 3*");
        ((Action)(() => Make(4, new MultiHeadAttentionOptions { Dropout = 1f })))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Dropout should be in*");
        using var rotary = new RotaryPositions(4);
        ((Action)(() => Make(4, new MultiHeadAttentionOptions { Rotary = rotary })))
            .Should().Throw<ArgumentException>().WithMessage("*heads of size 4, but these have size 2*");
        using var layer = Make(2, new MultiHeadAttentionOptions { KeySize = 5 });
        Variable x = Tensor.Zeros([2, 3, 8]), y = Tensor.Zeros([2, 3, 7]);
        layer.Invoking(l => l.Forward(x, y)).Should().Throw<ShapeException>()
            .WithMessage("MultiHeadAttention: keys should have shape (B, S, I) with I = 5; got (2, 3, 7)*");
        layer.Invoking(l => l.Forward(y, x)).Should().Throw<ShapeException>();
        ((Action)(() => _ = new MultiHeadAttention(8, 0, random)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("MultiHeadAttention: headCount should be at least 1.*");
        using var square = Make(2, null);
        using var other = Make(2, null);
        Variable three = Tensor.Zeros([3, 3, 8]);
        square.Invoking(l => l.Forward(x, three)).Should().Throw<ShapeException>().WithMessage("MultiHeadAttention: query should"
            + " have shape (B, T, D) = (3, T, 8) because the batch of the keys is 3; got (2, 3, 8).");
        square.Invoking(l => l.Forward(x, x, three)).Should().Throw<ShapeException>().WithMessage(
            "MultiHeadAttention: values should have shape (B, S, J) = (2, 3, 8) because keys is (2, 3, 8); got (3, 3, 8).");
        square.Invoking(l => l.Forward(x, other.Prepare(x)))
            .Should().Throw<ArgumentException>().WithMessage("MultiHeadAttention: the source was prepared by another attention*");
    }

    private static MultiHeadAttention Make(int headCount, MultiHeadAttentionOptions? options)
    {
        var random = new RandomGenerator(4);
        var layer = new MultiHeadAttention(8, headCount, random, options);
        ParameterCheck.Enliven(layer, random);
        return layer;
    }
}
