using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Attention;

public class ScoredAttentionTests
{
    private const int B = 2, T = 3, S = 4, Q = 3, J = 2;

    public static TheoryData<string> Kinds => ["additive", "dot", "general", "concat", "scaled"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_weights_and_gradients_are_those_of_PyTorch(string kind)
    {
        var golden = Golden.Read("attentions.json").GetProperty(kind);
        using var layer = New(kind);
        layer.LoadStateDictionary(golden.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.ToTensor()));
        var inputs = golden.GetProperty("inputs").EnumerateObject()
            .ToDictionary(p => p.Name, p => new Variable(p.Value.ToTensor(), requiresGradient: true));
        using var lengths = IndexTensor.FromSpan([4, 2], new Shape(B));

        using var tape = new Tape();
        var (output, weights) = layer.Forward(inputs["query"], inputs["keys"], inputs["values"],
            new AttentionOptions { KeyLengths = lengths }, returnWeights: true);
        output.Value.ShouldBeCloseTo(golden.GetProperty("output").ToTensor(), 1e-5f, "output");
        weights!.Value.ShouldBeCloseTo(golden.GetProperty("weights").ToTensor(), 1e-5f, "weights");
        tape.Backward((output * golden.GetProperty("doutput").ToTensor()).Sum()
            + (weights * golden.GetProperty("dweights").ToTensor()).Sum());
        var leaves = inputs.Concat(layer.NamedParameters().Select(p => KeyValuePair.Create(p.Key, (Variable)p.Value))).ToList();
        leaves.Should().HaveCount(golden.GetProperty("gradients").EnumerateObject().Count());
        foreach (var (name, leaf) in leaves)
            leaf.Gradient!.ShouldBeCloseTo(golden.GetProperty("gradients").GetProperty(name).ToTensor(), 1e-5f, name);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_match_finite_differences(string kind)
    {
        using var layer = New(kind);
        GradientCheck.Run(v => layer.Forward(v[0], v[1], v[2], AttentionOptions.Causal, returnWeights: true) switch
        {
            var r => [r.Output, r.Weights!],
        },
            [Random([B, T, Q], 1), Random([B, S, layer.KeySize], 2), Random([B, S, J], 3)],
            new GradientCheckOptions { Step = 1.0 / 64, RelativeTolerance = 5e-3, AbsoluteTolerance = 1e-3 });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_weights_the_output_is_the_same(string kind)
    {
        using var layer = New(kind);
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2);
        var (with, weights) = layer.Forward(q, k, options: AttentionOptions.Causal, returnWeights: true);
        var (without, none) = layer.Forward(q, k, options: AttentionOptions.Causal);
        none.Should().BeNull();
        weights!.Shape.Sizes.ToArray().Should().Equal(B, 1, T, S);
        without.Value.ShouldBeCloseTo(with.Value, 1e-6f, "output");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_prepared_source_serves_query_by_query(string kind)
    {
        using var layer = New(kind);
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2), v = Random([B, S, J], 3);
        using var lengths = IndexTensor.FromSpan([3, 1], new Shape(B));
        var options = new AttentionOptions { KeyLengths = lengths };
        var whole = layer.Forward(q, k, v, options, returnWeights: true);
        var source = layer.Prepare(k, v, options);
        for (var t = 0; t < T; t++)
        {
            var step = layer.Forward(q.Slice(1, t, 1), source, returnWeights: true);
            step.Output.Value.ShouldBeCloseTo(whole.Output.Value.Slice(1, t, 1), 1e-6f, "output");
            step.Weights!.Value.ShouldBeCloseTo(whole.Weights!.Value.Slice(2, t, 1), 1e-6f, "weights");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_changes_nothing_and_a_source_of_nothing_gives_zeros(string kind)
    {
        using var layer = New(kind);
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2);
        using var lengths = IndexTensor.FromSpan([2, 0], new Shape(B));
        var (output, weights) = layer.Forward(q, k, options: new AttentionOptions { KeyLengths = lengths }, returnWeights: true);
        var (expected, _) = layer.Forward(q.Slice(0, 0, 1), k.Slice(0, 0, 1).Slice(1, 0, 2));
        output.Value.Slice(0, 0, 1).ShouldBeCloseTo(expected.Value, 1e-6f, "output");
        weights!.Value.Slice(3, 2, 2).ToArray().Should().OnlyContain(w => w == 0f);
        output.Value.Select(0, 1).ToArray().Should().OnlyContain(y => y == 0f);
        weights.Value.Select(0, 1).ToArray().Should().OnlyContain(w => w == 0f);
        layer.Forward(q, k, options: new AttentionOptions { KeyLengths = lengths }).Output.Value.Select(0, 1).ToArray()
            .Should().OnlyContain(y => y == 0f);
    }

    /// <summary>
    /// What the function hides is hidden as by a mask, also from a choice, and where nothing is left the result is 0.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scores_are_modified_before_the_softmax(string kind)
    {
        using var layer = New(kind);
        using var hard = new HardAttention(New(kind), HardAttentionEstimator.StraightThrough, new RandomGenerator(1));
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2), v = Random([B, S, J], 3);
        var allowed = BoolTensor.FromSpan([true, false, true, true, false, false, false, false, true, true, false, true], [T, S]);
        using var lengths = IndexTensor.FromSpan([4, 3], new Shape(B));
        var options = new AttentionOptions { KeyLengths = lengths, Bias = Random([T, S], 4) };
        foreach (var attention in (AttentionLayer[])[layer, hard])
        {
            attention.Evaluate();
            var expected = attention.Forward(q, k, v, options with { Allowed = allowed }, returnWeights: true);
            var actual = attention.Forward(q, k, v, options with
            {
                ScoreModification = (scores, _) => scores.MaskedFill(!allowed, float.NegativeInfinity),
            }, returnWeights: true);
            actual.Output.Value.ShouldBeCloseTo(expected.Output.Value, 1e-6f, "output");
            actual.Weights!.Value.ShouldBeCloseTo(expected.Weights!.Value, 1e-6f, "weights");
            actual.Output.Value.Select(1, 1).ToArray().Should().OnlyContain(y => y == 0f);
        }

        // Of one query the positions are those of a whole source, whatever the number of queries a mask was prepared for.
        var at = new List<int[]>();
        layer.Forward(q, k, v, new AttentionOptions
        {
            KeyLengths = lengths,
            ScoreModification = (scores, positions) =>
            {
                at.Add(positions.Queries.ToArray());
                return scores;
            },
        });
        at.Should().ContainSingle().Which.Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_choice_is_none_and_gradients_are_finite_where_all_scores_are_modified_to_minus_infinity()
    {
        using var hard = new HardAttention(New("dot"), HardAttentionEstimator.StraightThrough, new RandomGenerator(1));
        var q = new Variable(Random([B, T, Q], 1), requiresGradient: true);
        var allowed = BoolTensor.FromSpan([true, false, true], [T, 1]);
        using var tape = new Tape();
        var result = hard.Choose(q, hard.Score.Prepare(Random([B, S, Q], 2), Random([B, S, J], 3), new AttentionOptions
        {
            ScoreModification = (scores, _) => scores.MaskedFill(!allowed, float.NegativeInfinity),
        }));
        result.Choices.ToArray().Select((choice, i) => choice == -1 == (i % T == 1)).Should().AllBeEquivalentTo(true);
        tape.Backward(result.Output.Square().Sum() + result.LogProbabilities.Sum());
        var gradient = q.Gradient!;
        gradient.IsFinite().Should().BeTrue();
        gradient.Select(1, 1).ToArray().Should().OnlyContain(g => g == 0f);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_reaches_only_the_queries_that_see_it(string kind)
    {
        using var layer = New(kind);
        using var hard = new HardAttention(New(kind), HardAttentionEstimator.StraightThrough, new RandomGenerator(1));
        hard.Evaluate();
        AttentionOptions[] masks = [AttentionOptions.Causal, new() { Allowed = BoolTensor.FromSpan(
            [true, true, true, false, true, true, true, false, true, true, true, true], [T, S]) }];
        foreach (var mask in masks)
        {
            foreach (var (attention, returnWeights) in ((AttentionLayer, bool)[])[(layer, true), (layer, false), (hard, true)])
            {
                var expected = FirstOutputs(0f);
                foreach (var last in (float[])[float.NaN, float.PositiveInfinity, 3e38f])
                    FirstOutputs(last).Should().Equal(expected).And.NotContain(y => !float.IsFinite(y));

                // Of all queries but the last, which alone sees the last key.
                float[] FirstOutputs(float last)
                {
                    Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2), v = Random([B, S, J], 3);
                    k.Slice(1, S - 1, 1).FillInPlace(last);
                    v.Slice(1, S - 1, 1).FillInPlace(last);
                    return attention.Forward(q, k, v, mask, returnWeights).Output.Value.Slice(1, 0, T - 1).ToArray();
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Masks_biases_windows_slopes_and_scale_are_honoured(string kind)
    {
        using var layer = New(kind);
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, layer.KeySize], 2);
        var allowed = BoolTensor.FromSpan([true, false, true, true, true, true, false, true], new Shape(B, 1, 1, S));
        var bias = Random([T, S], 4);
        var options = new AttentionOptions
        {
            Allowed = allowed,
            Bias = bias,
            Window = 3,
            Slopes = Tensor.FromSpan([0.5f], new Shape(1)),
            Scale = 0.3f,
        };
        var plain = layer.Forward(q, k, options: new AttentionOptions { Scale = 1f },
            returnWeights: true).Weights!.Value.ToArray();
        var actual = layer.Forward(q, k, options: options, returnWeights: true).Weights!.Value.ToArray();
        var biases = bias.ToArray();
        for (var row = 0; row < B * T; row++)
        {
            var expected = new double[S];
            for (var s = 0; s < S; s++)
            {
                // A softmax's weights are the scores up to a constant, whatever the score.
                int t = row % T, distance = Math.Abs(S - T + t - s);
                var hidden = distance >= 3 || !allowed.ToArray()[(row / T * S) + s];
                expected[s] = hidden ? 0 : Math.Pow(plain[(row * S) + s], 0.3) * Math.Exp(biases[(t * S) + s] - (0.5 * distance));
            }

            for (var s = 0; s < S; s++)
                actual[(row * S) + s].Should().BeApproximately((float)(expected[s] / expected.Sum()), 1e-5f);
        }
    }

    /// <summary>The least weight is that of a score of -cap beside others of cap.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scores_stay_within_a_softcap(string kind)
    {
        using var layer = New(kind);
        Tensor q = Random([B, T, Q], 1) * 1000f, k = Random([B, S, layer.KeySize], 2) * 1000f, v = Random([B, S, J], 3);
        var options = new AttentionOptions { Softcap = 0.25f };
        var (output, weights) = layer.Forward(q, k, v, options, returnWeights: true);
        weights!.Value.ToArray().Should().OnlyContain(w => w > 1.0 / (1 + ((S - 1) * Math.Exp(0.5))) - 1e-6);
        layer.Forward(q, k, v, options).Output.Value.ShouldBeCloseTo(output.Value, 1e-5f, "without weights");
    }

    [Fact]
    public void Dropped_weights_are_zero_and_the_others_grow()
    {
        using var layer = new DotAttention(Q);
        var values = Tensor.Eye(S).Unsqueeze(0).BroadcastTo(new Shape(B, S, S)).Contiguous();
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, Q], 2);
        var (output, weights) = layer.Forward(q, k, values,
            new AttentionOptions { Dropout = 0.5f, Random = new RandomGenerator(1) }, returnWeights: true);
        var used = output.Value.ToArray().Zip(weights!.Value.ToArray()).ToList();
        used.Should().OnlyContain(p => p.First == 0f || Math.Abs(p.First - (2 * p.Second)) < 1e-6f);
        used.Count(p => p.First == 0f).Should().BeInRange(4, 20);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        using var layer = New("additive");
        using var other = New("additive");
        Tensor q = Random([B, T, Q], 1), k = Random([B, S, 5], 2);
        layer.Invoking(l => l.Forward(q.Select(1, 0), k)).Should().Throw<ShapeException>()
            .WithMessage("AdditiveAttention: query should have shape (B, T, Q) = (2, T, 3)*Unsqueeze*");
        foreach (var scale in new[] { float.NaN, float.PositiveInfinity })
        {
            layer.Invoking(l => l.Forward(q, k, null, new AttentionOptions { Scale = scale }))
                .Should().Throw<ArgumentException>().WithMessage("Attention: Scale should be finite*");
        }

        ((Action)(() => _ = new AdditiveAttention(3, 5, 0, new RandomGenerator(1))))
            .Should().Throw<ArgumentException>().WithMessage("AdditiveAttention: attentionSize should be at least 1.*");
        layer.Invoking(l => l.Forward(q, q))
            .Should().Throw<ShapeException>().WithMessage("AdditiveAttention: keys should have shape (B, S, I) = (B, S, 5)*");
        layer.Invoking(l => l.Forward(q, k, k.Slice(1, 0, 2)))
            .Should().Throw<ShapeException>().WithMessage("AdditiveAttention: values should have shape (B, S, J) = (2, 4, J)*");
        layer.Invoking(l => l.Forward(q, other.Prepare(k)))
            .Should().Throw<ArgumentException>().WithMessage("AdditiveAttention: the source was prepared by another attention*");
        using var lengths = IndexTensor.FromSpan([1], new Shape(1));
        layer.Invoking(l => l.Forward(q, k, options: new AttentionOptions { KeyLengths = lengths }))
            .Should().Throw<ShapeException>().WithMessage("*KeyLengths*(2,)*");
    }

    internal static ScoredAttention New(string kind, ulong seed = 1) => kind switch
    {
        "additive" => new AdditiveAttention(Q, 5, 6, new RandomGenerator(seed)),
        "dot" => new DotAttention(Q),
        "general" => new GeneralAttention(Q, 5, new RandomGenerator(seed)),
        "concat" => new ConcatAttention(Q, 5, 6, new RandomGenerator(seed)),
        _ => new ScaledDotProductAttention(Q),
    };

    private static Tensor Random(int[] sizes, ulong seed) => Tensor.RandomNormal(sizes, new RandomGenerator(seed));
}
