using SeqCore.Kernels;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Autograd.Functions;

public class AttentionFunctionTests
{
    private const int B = 2, N = 4, M = 2, T = 9, S = 12, K = 8, J = 5;

    /// <summary>
    /// What users may ask for; S is a multiple of 4, so that dropout's numbers are those of the definition too.
    /// </summary>
    private static readonly Dictionary<string, AttentionOptions> Forms = new()
    {
        ["full"] = AttentionOptions.Full,
        ["causal"] = AttentionOptions.Causal,
        ["window"] = new() { Window = 3 },
        ["causal window"] = new() { IsCausal = true, Window = 4 },
        ["lengths"] = new() { KeyLengths = IndexTensor.FromSpan([12, 5], new Shape(2)) },
        ["an empty sequence"] = new() { KeyLengths = IndexTensor.FromSpan([0, 7], new Shape(2)), IsCausal = true },
        ["bias"] = new() { Bias = Samples.Of(9, N, T, S) },
        ["bias of keys"] = new() { Bias = Samples.Of(9, B, 1, 1, S) },
        ["bias of queries"] = new() { Bias = Samples.Of(9, T, 1) },
        ["allowed"] = new() { Allowed = Samples.Of(9, B, 1, T, S) > 0f },
        ["allowed and bias"] = new() { Allowed = Samples.Of(9, B, 1, 1, S) > 0f, Bias = Samples.Of(8, N, T, S) },
        ["slopes"] = new() { Slopes = Tensor.FromSpan([0.5f, 0.25f, 0.125f, 1f], new Shape(N)), IsCausal = true },
        ["upper left"] = AttentionOptions.Causal with { Alignment = CausalAlignment.UpperLeft },
        ["upper left window"] = new()
        {
            Alignment = CausalAlignment.UpperLeft,
            Window = 3,
            Slopes = Tensor.FromSpan([0.5f, 0.25f, 0.125f, 1f], new Shape(N)),
        },
        ["scale"] = new() { Scale = 0.7f },
        ["softcap"] = new() { Softcap = 0.8f, Scale = 0.7f },
        ["softcap and more"] = new()
        {
            Softcap = 1.5f,
            Bias = Samples.Of(8, N, T, S),
            Allowed = Samples.Of(9, B, 1, T, S) > 0f,
            Slopes = Tensor.FromSpan([0.5f, 0.25f, 0.125f, 1f], new Shape(N)),
            IsCausal = true,
        },
        ["packed softcap"] = new() { Softcap = 0.8f, IsCausal = true, Window = 5 },
        ["dropout"] = new() { Dropout = 0.4f, IsCausal = true },
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    public static TheoryData<int> Goldens => [.. Enumerable.Range(0, 12)];

    [Theory, MemberData(nameof(Names))]
    public void Tiles_agree_with_the_whole_matrix(string form)
    {
        foreach (var size in (int[])[K, J])
        {
            Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, size),
                dY = Samples.Of(4, B, N, T, size);
            var tiles = Gradients(x => Variable.Attention(x[0], x[1], x[2], WithRandom(Forms[form])), dY, q, k, v);
            var whole = Gradients(x => Variable.AttentionWithWeights(x[0], x[1], x[2], WithRandom(Forms[form])).Output, dY, q, k,
                v);
            for (var i = 0; i < whole.Length; i++)
                Close(tiles[i], whole[i], 1e-5f);
        }
    }

    /// <summary>Keys of zeros give each visible key the same weight, so the result is the mean of the values seen.</summary>
    [Theory]
    [InlineData(CausalAlignment.LowerRight, 3, 5, 0, new[] { "012", "0123", "01234" })]
    [InlineData(CausalAlignment.UpperLeft, 3, 5, 0, new[] { "0", "01", "012" })]
    [InlineData(CausalAlignment.LowerRight, 5, 3, 0, new[] { "", "", "0", "01", "012" })]
    [InlineData(CausalAlignment.UpperLeft, 5, 3, 0, new[] { "0", "01", "012", "012", "012" })]
    [InlineData(CausalAlignment.LowerRight, 3, 5, 2, new[] { "12", "23", "34" })]
    [InlineData(CausalAlignment.UpperLeft, 3, 5, 2, new[] { "0", "01", "12" })]
    [InlineData(CausalAlignment.UpperLeft, 5, 3, 2, new[] { "0", "01", "12", "2", "" })]
    public void Alignment_says_where_the_causal_triangle_ends(CausalAlignment alignment, int queries, int keys, int window,
        string[] seen)
    {
        var options = AttentionOptions.Causal with { Alignment = alignment, Window = window };
        Tensor q = Samples.Of(1, 1, 1, queries, 1), k = Tensor.Zeros([1, 1, keys, 1]), v = Samples.Of(2, 1, 1, keys, 1);
        float[] expected = [.. seen.Select(s => s.Length == 0 ? 0f : s.Average(c => v.ToArray()[c - '0']))];
        Close(Variable.Attention(q, k, v, options).Value.ToArray(), expected, 1e-6f);
        var (output, weights) = Variable.AttentionWithWeights(q, k, v, options);
        Close(output.Value.ToArray(), expected, 1e-6f);
        Array.ConvertAll(weights.Value.ToArray(), w => w > 0f ? 1 : 0).Should().Equal(seen.SelectMany(s =>
            Enumerable.Range(0, keys).Select(j => s.Contains((char)('0' + j)) ? 1 : 0)));
        GradientCheck.Run(x => Variable.Attention(x[0], x[1], x[2], options), [q, Samples.Of(3, 1, 1, keys, 1), v],
            new GradientCheckOptions { Step = 1.0 / 64, RelativeTolerance = 5e-3, AbsoluteTolerance = 1e-3 });
    }

    [Theory]
    [InlineData("causal")]
    [InlineData("upper left")]
    [InlineData("causal window")]
    [InlineData("lengths")]
    [InlineData("an empty sequence")]
    [InlineData("allowed")]
    [InlineData("bias that hides")]
    public void What_is_hidden_has_no_part_even_if_it_is_not_finite(string form)
    {
        var hiding = Tensor.Where(Samples.Of(9, N, T, S) > 0.5f, Tensor.Full(Shape.Scalar, float.NegativeInfinity),
            Tensor.Zeros(Shape.Scalar));
        var options = form == "bias that hides" ? new AttentionOptions { Bias = hiding } : Forms[form];
        foreach (var odd in (float[])[float.NaN, float.PositiveInfinity])
        {
            Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, K);
            k.Select(2, S - 1).FillInPlace(odd);
            v.Select(2, S - 2).FillInPlace(odd);
            float[] tiles = Variable.Attention(q, k, v, options).Value.ToArray(),
                whole = Variable.AttentionWithWeights(q, k, v, options).Output.Value.ToArray();
            tiles.Select(float.IsFinite).Should().Equal(whole.Select(float.IsFinite));
            tiles.Should().Contain(x => float.IsFinite(x) && x != 0f);
            Close([.. tiles.Where(float.IsFinite)], [.. whole.Where(float.IsFinite)], 1e-5f);
        }
    }

    [Fact]
    public void Keys_hidden_from_all_queries_reach_no_gradient()
    {
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, K),
            dY = Samples.Of(4, B, N, T, K);
        var allowed = BoolTensor.FromSpan([.. Enumerable.Range(0, S).Select(i => i < S - 3)], [S]);
        using var lengths = IndexTensor.FromSpan([S - 3, S - 3], [B]);
        AttentionOptions[] forms = [new() { Allowed = allowed }, new() { KeyLengths = lengths }, Forms["upper left"]];
        foreach (var options in forms)
        {
            Func<Variable[], Variable>[] attentions = [x => Variable.Attention(x[0], x[1], x[2], options),
                x => Variable.AttentionWithWeights(x[0], x[1], x[2], options).Output];
            foreach (var attention in attentions)
            {
                var runs = new List<float[]>();
                foreach (var value in (float[])[0f, float.NaN, float.NegativeInfinity])
                {
                    k.Slice(2, S - 3, 3).FillInPlace(value);
                    v.Slice(2, S - 3, 3).FillInPlace(value);
                    runs.Add([.. Gradients(attention, dY, q, k, v).SelectMany(g => g)]);
                }

                runs[1].Should().Equal(runs[0]);
                runs[2].Should().Equal(runs[0]);
            }
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("causal")]
    [InlineData("causal window")]
    [InlineData("lengths")]
    [InlineData("bias of keys")]
    [InlineData("slopes")]
    [InlineData("dropout")]
    [InlineData("packed softcap")]
    [InlineData("causal", J)]
    [InlineData("packed softcap", 2 * K)]
    public void Packed_heads_agree_with_heads_apart(string form, int valueSize = 0)
    {
        var options = Forms[form];
        var size = valueSize == 0 ? K : valueSize;
        var packed = Samples.Of(1, B, S, ((N + M) * K) + (M * size));
        var dY = Samples.Of(4, B, S, N * size);
        var inPlace = Gradients(x => x[0].SelfAttention(N, WithRandom(options), M, valueSize), dY, packed);
        var apart = Gradients(
            x =>
            {
                var parts = x[0].Split([N * K, M * K, M * size], -1);
                var y = Variable.Attention(Heads(parts[0], N), Heads(parts[1], M), Heads(parts[2], M), WithRandom(options));
                return y.Transpose(1, 2).Reshape(B, S, N * size);
            },
            dY,
            packed);
        Close(inPlace[0], apart[0], 1e-6f);
        Close(inPlace[1], apart[1], 1e-6f);

        static Variable Heads(Variable x, int heads) => x.Reshape(B, S, heads, x.Shape[2] / heads).Transpose(1, 2);
    }

    [Fact]
    public void Gradient_matches_finite_differences()
    {
        Tensor q = Samples.Spread(1, 1, 2, 3, 4), k = Samples.Spread(2, 1, 1, 5, 4), v = Samples.Spread(3, 1, 1, 5, 4);
        GradientCheck.Run(x => Variable.Attention(x[0], x[1], x[2], AttentionOptions.Causal), [q, k, v]);
        GradientCheck.Run(x => Variable.AttentionWithWeights(x[0], x[1], x[2], AttentionOptions.Causal).Weights, [q, k, v]);
        GradientCheck.Run(x => x[0].SelfAttention(2, AttentionOptions.Causal, 1), [Samples.Spread(4, 1, 5, 8)]);
    }

    [Fact]
    public void Gradient_with_a_softcap_and_values_of_another_size_matches_finite_differences()
    {
        Tensor q = Samples.Spread(1, 1, 2, 3, 4), k = Samples.Spread(2, 1, 1, 5, 4), v = Samples.Spread(3, 1, 1, 5, 6);
        var options = AttentionOptions.Causal with { Softcap = 0.6f, Slopes = Tensor.FromSpan([0.5f, 0.25f], [2]) };
        GradientCheck.Run(x => Variable.Attention(x[0], x[1], x[2], options), [q, k, v]);
        GradientCheck.Run(x => Variable.AttentionWithWeights(x[0], x[1], x[2], options).Output, [q, k, v]);
        GradientCheck.Run(x => x[0].SelfAttention(2, options, 1, valueSize: 3), [Samples.Spread(4, 1, 5, 9)]);
    }

    [Fact]
    public void Numbers_with_a_softcap_are_those_of_the_formulas_in_NumPy()
    {
        var golden = Golden.Read("softcap.json");
        var options = AttentionOptions.Causal with
        {
            Softcap = golden.GetProperty("cap").GetSingle(),
            Slopes = Read("slopes"),
        };
        Func<Variable[], Variable>[] attentions = [x => Variable.Attention(x[0], x[1], x[2], options),
            x => Variable.AttentionWithWeights(x[0], x[1], x[2], options).Output];
        foreach (var attention in attentions)
        {
            var actual = Gradients(attention, Read("dY"), Read("q"), Read("k"), Read("v"));
            foreach (var (result, name) in actual.Zip(["y", "dQ", "dK", "dV"]))
                Close(result, Read(name).ToArray(), 2e-6f);
        }

        Close(Variable.AttentionWithWeights(Read("q"), Read("k"), Read("v"), options).Weights.Value.ToArray(),
            Read("weights").ToArray(), 1e-6f);

        Tensor Read(string name) => golden.GetProperty(name).ToTensor();
    }

    /// <summary>A cap that bends nothing: cap tanh(s / cap) is s to float32's accuracy.</summary>
    [Fact]
    public void A_softcap_far_above_all_scores_changes_nothing()
    {
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, K);
        Close(Variable.Attention(q, k, v, new AttentionOptions { Softcap = 1e4f }).Value.ToArray(),
            Variable.Attention(q, k, v).Value.ToArray(), 1e-5f);
    }

    /// <summary>Were the cap applied after the bias, a bias of 100 would count as one of 1.</summary>
    [Fact]
    public void A_bias_is_added_to_what_the_cap_leaves()
    {
        Tensor x = Samples.Of(1, 1, 1, 1, 4), keys = Samples.Of(2, 1, 1, 2, 4), values = Samples.Of(3, 1, 1, 2, 4);
        var options = new AttentionOptions { Softcap = 1f, Bias = Tensor.FromSpan([0f, 100f], [2]) };
        Close(Variable.Attention(x, keys, values, options).Value.ToArray(), values.Slice(2, 1, 1).ToArray(), 1e-6f);
    }

    [Theory, MemberData(nameof(Goldens))]
    public void Numbers_are_those_of_PyTorch(int index)
    {
        var golden = Golden.Read("attention.json")[index];
        var mask = golden.TryGetProperty("mask", out var values) ? values.ToTensor() : null;
        var options = golden.GetProperty("name").GetString() switch
        {
            "causal" or "grouped" => AttentionOptions.Causal,
            "decoding" => AttentionOptions.Causal,
            "allowed" => new AttentionOptions { Allowed = mask!.NotEqualTo(0f) },
            "bias" => new AttentionOptions { Bias = mask },
            "scale" => new AttentionOptions { Scale = 0.3f },
            "window" => new AttentionOptions { Window = 3 },
            "causal window" => new AttentionOptions { Window = 3, IsCausal = true },
            "slopes" => new AttentionOptions { Slopes = Tensor.FromSpan([0.5f, 0.125f], new Shape(2)), IsCausal = true },
            "lengths" => new AttentionOptions { KeyLengths = IndexTensor.FromSpan([7, 3], new Shape(2)) },
            _ => AttentionOptions.Full,
        };
        var actual = Gradients(x => Variable.Attention(x[0], x[1], x[2], options), Read("dY"), Read("q"), Read("k"), Read("v"));
        foreach (var (result, name) in actual.Zip(["y", "dQ", "dK", "dV"]))
            Close(result, Read(name).ToArray(), 2e-6f);

        Tensor Read(string name) => golden.GetProperty(name).ToTensor();
    }

    [Fact]
    public void Weights_add_up_to_1_and_are_0_where_nothing_may_be_seen()
    {
        var lengths = IndexTensor.FromSpan([3, 0], new Shape(2));
        var (output, weights) = Variable.AttentionWithWeights(Samples.Of(1, 2, 1, 2, 4), Samples.Of(2, 2, 1, 5, 4),
            Samples.Of(3, 2, 1, 5, 4), new AttentionOptions { KeyLengths = lengths });
        Close(weights.Value.Sum(-1).ToArray(), [1f, 1f, 0f, 0f], 1e-6f);
        output.Value.Slice(0, 1, 1).ToArray().Should().OnlyContain(x => x == 0f);
        Variable.Attention(Samples.Of(1, 2, 1, 2, 4), Samples.Of(2, 2, 1, 5, 4), Samples.Of(3, 2, 1, 5, 4),
            new AttentionOptions { KeyLengths = lengths })
            .Value.Slice(0, 1, 1).ToArray().Should().OnlyContain(x => x == 0f);
    }

    /// <summary>
    /// 16,384 queries and keys of 8 heads: the weights alone would take 8.6 GB. The window only saves the test time.
    /// </summary>
    [Fact]
    public void Long_sequences_take_memory_linear_in_their_length()
    {
        using var backend = new CpuBackend();
        var shape = new Shape(1, 8, 16384, 64);
        var inputs = new Variable[3];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new Variable(Tensor.Full(shape, 0.01f * i, backend), requiresGradient: true);
        using var dY = Tensor.Full(shape, 1f, backend);
        var before = backend.Memory.Reserved;
        using (var tape = new Tape())
        {
            tape.Backward(Variable.Attention(inputs[0], inputs[1], inputs[2],
                new AttentionOptions { IsCausal = true, Window = 64 }), dY);
        }

        var gradients = 3L * shape.ElementCount * sizeof(float);
        (backend.Memory.Reserved - before - gradients).Should().BeLessThan(200_000_000);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        Tensor q = Samples.Of(1, 2, 4, 3, 8), k = Samples.Of(2, 2, 2, 5, 8);
        Run(() => Variable.Attention(Samples.Of(1, 4, 3, 8), k, k))
            .Should().Throw<ShapeException>().WithMessage("Attention: query should have shape (B, N, T, K)*");
        Run(() => Variable.Attention(q, Samples.Of(2, 2, 2, 5, 4), k)).Should().Throw<ShapeException>()
            .WithMessage("Attention: key should have shape (B, M, S, K) = (2, M, S, 8)*(2, 2, 5, 4)*");
        Run(() => Variable.Attention(q, Samples.Of(2, 2, 3, 5, 8), k))
            .Should().Throw<ShapeException>().WithMessage("*divisor of N = 4*");
        Run(() => Variable.Attention(q, k, Samples.Of(2, 2, 2, 6, 8)))
            .Should().Throw<ShapeException>().WithMessage("Attention: value should have shape*(2, 2, 5, J)*(2, 2, 6, 8)*");
        Run(() => Variable.Attention(q, k, k, new AttentionOptions { Bias = Samples.Of(1, 2, 5) }))
            .Should().Throw<ShapeException>().WithMessage("Attention: Bias*(2, 4, 3, 5)*(2, 5)*");
        Run(() => Variable.Attention(q, k, k, new AttentionOptions { KeyLengths = IndexTensor.FromSpan([1], new Shape(1)) }))
            .Should().Throw<ShapeException>().WithMessage("Attention: KeyLengths*(2,)*(1,)*");
        Run(() => Variable.Attention(q, k, k, new AttentionOptions { Slopes = Samples.Of(1, 2) }))
            .Should().Throw<ShapeException>().WithMessage("Attention: Slopes*(4,)*(2,)*");
        Run(() => Variable.Attention(q, k, k, new AttentionOptions { Dropout = 0.1f }))
            .Should().Throw<ArgumentException>().WithMessage("*AttentionOptions.Random*");
        foreach (var scale in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var options = new AttentionOptions { Scale = scale };
            Run(() => Variable.Attention(q, k, k, options))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Attention: Scale should be finite*");
            Run(() => Variable.AttentionWithWeights(q, k, k, options).Output)
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Attention: Scale should be finite*");
            Run(() => new Variable(Samples.Of(1, 2, 3, 24)).SelfAttention(4, options))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Attention: Scale should be finite*");
        }

        foreach (var cap in (float[])[0f, -1f, float.NaN, float.PositiveInfinity])
        {
            Run(() => Variable.Attention(q, k, k, new AttentionOptions { Softcap = cap })).Should()
                .Throw<ArgumentOutOfRangeException>().WithMessage("Attention: Softcap should be positive and finite*Softcap*");
        }

        Run(() => new Variable(Samples.Of(1, 2, 3, 32)).SelfAttention(4, null, 2, valueSize: 5)).Should().Throw<ShapeException>()
            .WithMessage("SelfAttention: packed*N = 4, M = 2, J = 5, 10 more than a multiple of 6*");
        Run(() => new Variable(Samples.Of(1, 2, 3, 10)).SelfAttention(4))
            .Should().Throw<ShapeException>().WithMessage("SelfAttention: packed*N = 4, M = 4, a multiple of 12*");

        static Action Run(Func<Variable> wrong) => () => wrong();
    }

    /// <summary>The result and the gradient of each input.</summary>
    private static float[][] Gradients(Func<Variable[], Variable> function, Tensor dY, params Tensor[] inputs)
    {
        using var tape = new Tape();
        var variables = Array.ConvertAll(inputs, x => new Variable(x, requiresGradient: true));
        var y = function(variables);
        tape.Backward(y, dY);
        return [y.Value.ToArray(), .. variables.Select(x => x.Gradient!.ToArray())];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_query_that_counts_for_nothing_sends_nothing_back_whatever_it_sees(bool returnWeights)
    {
        float[] values = [1f, 2f, float.NaN];
        Variable q = new(Tensor.FromSpan([1f, 2f, 3f], [1, 1, 3, 1]), requiresGradient: true),
            k = new(Tensor.FromSpan(values, [1, 1, 3, 1]), requiresGradient: true),
            v = new(Tensor.FromSpan(values, [1, 1, 3, 1]), requiresGradient: true);
        using var tape = new Tape();
        var y = returnWeights
            ? Variable.AttentionWithWeights(q, k, v, AttentionOptions.Causal).Output
            : Variable.Attention(q, k, v, AttentionOptions.Causal);
        tape.Backward(y.Slice(2, 0, 2).Sum());
        y.Value.ToArray()[2].Should().Be(float.NaN);
        foreach (var input in (Variable[])[q, k, v])
            input.Gradient!.ToArray().Should().NotContain(g => !float.IsFinite(g)).And.Contain(g => g != 0f);
    }

    private static AttentionOptions WithRandom(AttentionOptions options) => options with { Random = new RandomGenerator(5) };

    private static void Close(float[] actual, float[] expected, float tolerance)
    {
        actual.Should().HaveSameCount(expected);
        for (var i = 0; i < expected.Length; i++)
            actual[i].Should().BeApproximately(expected[i], tolerance * (1f + MathF.Abs(expected[i])), "of element {0}", i);
    }
}
