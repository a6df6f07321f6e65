using SeqCore.Tests.Goldens;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>Attention whose scores a function changes.</summary>
public class ScoreModificationTests
{
    private const int B = 2, N = 4, M = 2, T = 5, S = 7, K = 6, J = 3, Reach = 3;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_function_that_changes_nothing_gives_the_attention_without_one(int seed)
    {
        var random = new Random(seed);
        int b = random.Next(1, 3), m = random.Next(1, 3), n = m * random.Next(1, 4), k = random.Next(1, 9),
            j = random.Next(1, 9), s = random.Next(1, 4) * 4, t = random.Next(3) == 0 ? s : random.Next(1, 12);
        var options = Draw(random, b, n, t, s);
        Tensor q = Samples.Of(seed, b, n, t, k), key = Samples.Of(seed + 1, b, m, s, k), v = Samples.Of(seed + 2, b, m, s, j),
            dY = Samples.Of(seed + 3, b, n, t, j);
        ScoreModification same = (scores, _) => scores;
        var expected = Gradients(x => Variable.Attention(x[0], x[1], x[2], WithRandom(options)), dY, q, key, v);
        var actual = Gradients(x => Variable.Attention(x[0], x[1], x[2],
            WithRandom(options) with { ScoreModification = same }), dY, q, key, v);
        Close(actual, expected, 1e-5f);

        var (output, weights) = Variable.AttentionWithWeights(q, key, v, WithRandom(options));
        var modified = Variable.AttentionWithWeights(q, key, v, WithRandom(options) with { ScoreModification = same });
        modified.Output.Value.ShouldBeCloseTo(output.Value, 1e-6f, "output");
        modified.Weights.Value.ShouldBeCloseTo(weights.Value, 1e-6f, "weights");

        if (t != s)
            return;
        var packed = Samples.Of(seed, b, s, ((n + m) * k) + (m * j));
        dY = Samples.Of(seed + 3, b, s, n * j);
        Close(Gradients(x => x[0].SelfAttention(n, WithRandom(options) with { ScoreModification = same }, m, j), dY, packed),
            Gradients(x => x[0].SelfAttention(n, WithRandom(options), m, j), dY, packed), 1e-5f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Numbers_are_those_of_PyTorch(int index)
    {
        var golden = Golden.Read("score_modification.json")[index];
        using var lengths = IndexTensor.FromArray([7, 4]);
        var options = golden.GetProperty("name").GetString() == "cap"
            ? new AttentionOptions { KeyLengths = lengths }
            : AttentionOptions.Causal;
        var actual = Gradients(x => Variable.Attention(x[0], x[1], x[2], options with { ScoreModification = Modification(x[3]) }),
            Read("dY"), Read("q"), Read("k"), Read("v"), Read("p0"));
        foreach (var (result, name) in actual.Zip(["y", "dQ", "dK", "dV", "dP0"]))
            result.ShouldBeCloseTo(Read(name).ToArray(), 3e-6f, name);
        var parameter = new Variable(Read("p0"));
        Variable.AttentionWithWeights(Read("q"), Read("k"), Read("v"),
            options with { ScoreModification = Modification(parameter) }).Weights.Value
            .ShouldBeCloseTo(Read("weights"), 1e-6f, "weights");

        Tensor Read(string name) => golden.GetProperty(name).ToTensor();

        ScoreModification Modification(Variable p) => golden.GetProperty("name").GetString() switch
        {
            "relative bias" => (scores, at) => (scores * 2f) + RelativeBias(p, at),
            "cap" => (scores, _) => p * (scores / p).Tanh(),
            _ => (scores, at) => scores * (p * at.Distances.ToTensor()).Sigmoid(),
        };
    }

    [Fact]
    public void Gradient_matches_finite_differences()
    {
        Tensor q = Samples.Spread(1, 1, 2, 3, 4), k = Samples.Spread(2, 1, 1, 5, 4), v = Samples.Spread(3, 1, 1, 5, 3),
            table = Samples.Spread(4, (2 * Reach) + 1, 2);
        var options = AttentionOptions.Causal with { Softcap = 0.9f, Slopes = Tensor.FromSpan([0.5f, 0.25f], [2]) };
        GradientCheck.Run(x => Variable.Attention(x[0], x[1], x[2], options with
        {
            ScoreModification = (scores, at) => scores.Sigmoid() + RelativeBias(x[3], at),
        }), [q, k, v, table]);
    }

    [Fact]
    public void It_gets_capped_scores_before_the_bias_and_the_slopes_and_the_positions_of_both_alignments()
    {
        Tensor q = Samples.Of(1, 1, 2, 2, 4), k = Samples.Of(2, 1, 2, 3, 4), v = Samples.Of(3, 1, 2, 3, 4);
        foreach (var (alignment, first) in new[] { (CausalAlignment.LowerRight, 1), (CausalAlignment.UpperLeft, 0) })
        {
            var options = AttentionOptions.Causal with
            {
                Alignment = alignment,
                Softcap = 0.2f,
                Scale = 3f,
                Bias = Tensor.Full([2, 3], 100f),
                Slopes = Tensor.Ones([2]),
                ScoreModification = (scores, positions) =>
                {
                    positions.Queries.Shape.Sizes.ToArray().Should().Equal(1, 1, 2, 1);
                    positions.Queries.ToArray().Should().Equal(first, first + 1);
                    positions.Keys.Shape.Sizes.ToArray().Should().Equal(1, 1, 1, 3);
                    positions.Keys.ToArray().Should().Equal(0, 1, 2);
                    positions.Distances.ToArray().Should().Equal(first, first - 1, first - 2, first + 1, first, first - 1);
                    var products = Tensor.MatMul(q, k.Transpose(-2, -1)) * 3f;
                    scores.Value.ShouldBeCloseTo((products / 0.2f).Tanh() * 0.2f, 1e-6f, "scores");
                    return scores * 0f;
                },
            };
            var weights = Variable.AttentionWithWeights(q, k, v, options).Weights.Value.Select(1, 0).ToArray();

            // The slopes are added after it: of scores 0, each step of distance takes a factor of e.
            var e = MathF.Exp(-1f);
            float[][] rows = [[1f, 0f, 0f], [e, 1f, 0f], [e * e, e, 1f]];
            weights.ShouldBeCloseTo([.. rows.Skip(first).Take(2).SelectMany(r => r.Select(x => x / r.Sum()))], 1e-6f, "weights");
        }
    }

    /// <summary>As <c>torch.where(mask, score, -inf)</c> hides keys in a <c>score_mod</c>.</summary>
    [Fact]
    public void Minus_infinity_hides_a_key_and_a_query_without_keys_gives_zeros()
    {
        var allowed = BoolTensor.FromSpan([.. Enumerable.Range(0, T * S).Select(i => i / S != 2 && i % 3 > 0)], [T, S]);
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, J),
            dY = Samples.Of(4, B, N, T, J);

        // Causality hides the rest of some rows that the function leaves a part of.
        foreach (var options in new[] { AttentionOptions.Full, AttentionOptions.Causal, new() { IsCausal = true, Window = 2 } })
        {
            foreach (var odd in (float[])[0f, float.NaN, float.PositiveInfinity])
            {
                k.Select(2, 3).FillInPlace(odd);
                v.Select(2, 3).FillInPlace(odd);
                var expected = Gradients(x => Variable.AttentionWithWeights(x[0], x[1], x[2],
                    options with { Allowed = allowed }).Output, dY, q, k, v);
                var actual = Gradients(x => Variable.Attention(x[0], x[1], x[2], options with
                {
                    ScoreModification = (scores, _) => scores.MaskedFill(!allowed, float.NegativeInfinity),
                }), dY, q, k, v);
                actual[0].Should().Contain(y => y == 0f).And.Contain(y => float.IsFinite(y) && y != 0f);
                WithoutNaN(actual[0]).ShouldBeCloseTo(WithoutNaN(expected[0]), 1e-6f, "output");
                if (odd == 0f)
                    Close(actual, expected, 1e-6f);
            }
        }
    }

    [Fact]
    public void What_it_makes_of_hidden_keys_does_not_count()
    {
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, J);
        using var lengths = IndexTensor.FromArray([4, 0]);
        var options = AttentionOptions.Causal with { KeyLengths = lengths };
        var expected = Variable.Attention(q, k, v, options).Value;
        foreach (var odd in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            var hidden = Tensor.Zeros([B, 1, 1, S]);
            hidden.Slice(0, 0, 1).Slice(3, 4, S - 4).FillInPlace(odd);
            hidden.Slice(0, 1, 1).FillInPlace(odd);
            Variable.Attention(q, k, v, options with { ScoreModification = (scores, _) => scores + hidden }).Value
                .ShouldBeCloseTo(expected, 1e-6f, $"{odd}");
        }
    }

    [Fact]
    public void A_checkpoint_computes_it_again_with_the_same_gradients()
    {
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, J),
            dY = Samples.Of(4, B, N, T, J), table = Samples.Of(5, (2 * Reach) + 1, N);
        var expected = Gradients(x => Attend(x, x[3]), dY, q, k, v, table);
        Close(Gradients(x => Checkpoint.Run(y => [Attend(y, x[3])], [x[0], x[1], x[2]])[0], dY, q, k, v, table), expected, 0f);

        static Variable Attend(Variable[] x, Variable table) => Variable.Attention(x[0], x[1], x[2],
            AttentionOptions.Causal with { ScoreModification = (scores, at) => scores + RelativeBias(table, at) });
    }

    [Fact]
    public void A_result_that_does_not_fit_is_named()
    {
        Tensor q = Samples.Of(1, B, N, T, K), k = Samples.Of(2, B, M, S, K), v = Samples.Of(3, B, M, S, J);
        Attend((scores, _) => scores.Mean(1)).Should().Throw<ShapeException>().WithMessage(
            "Attention: the result of ScoreModification should have shape (B, N, T, S) = (2, 4, 5, 7); got (2, 5, 7)*");
        Attend((_, at) => at.Distances.ToTensor()).Should().Throw<ShapeException>()
            .WithMessage("*(2, 4, 5, 7); got (1, 1, 5, 7)*");
        Attend((_, _) => null!).Should().Throw<InvalidOperationException>().WithMessage("*ScoreModification is null*");
        FluentActions.Invoking(() => new AttentionPositions(IndexTensor.Arange(3), IndexTensor.Arange(3).Reshape(1, 1, 1, 3)))
            .Should().Throw<ShapeException>().WithMessage("AttentionPositions: queries*(B or 1, 1, T, 1)*(3,)*");
        FluentActions.Invoking(() => new AttentionPositions(IndexTensor.Arange(3).Reshape(1, 1, 3, 1), IndexTensor.Arange(3)))
            .Should().Throw<ShapeException>().WithMessage("AttentionPositions: keys*(B or 1, 1, 1, S)*(3,)*");

        Action Attend(ScoreModification modification) => () =>
            Variable.Attention(q, k, v, new AttentionOptions { ScoreModification = modification });
    }

    /// <summary>A bias for each head and distance, shape (1, N, T, S), from a table of shape (2 Reach + 1, N).</summary>
    internal static Variable RelativeBias(Variable table, AttentionPositions positions) =>
        table.Embedding(positions.Distances.Clamp(-Reach, Reach) + Reach).Squeeze(1).Permute(0, 3, 1, 2);

    /// <summary>The result and the gradient of each input.</summary>
    internal static float[][] Gradients(Func<Variable[], Variable> function, Tensor dY, params Tensor[] inputs)
    {
        using var tape = new Tape();
        var variables = Array.ConvertAll(inputs, x => new Variable(x, requiresGradient: true));
        var y = function(variables);
        tape.Backward(y, dY);
        return [y.Value.ToArray(), .. variables.Select(x => x.Gradient!.ToArray())];
    }

    /// <summary>NaN, which a query that sees it gets, becomes a number that no result has.</summary>
    private static float[] WithoutNaN(float[] x) => Array.ConvertAll(x, e => float.IsNaN(e) ? 1e9f : e);

    private static AttentionOptions Draw(Random random, int b, int n, int t, int s)
    {
        return new AttentionOptions
        {
            IsCausal = Coin(),
            Alignment = Coin() ? CausalAlignment.LowerRight : CausalAlignment.UpperLeft,
            Window = Coin() ? random.Next(1, s + 1) : 0,
            KeyLengths = Coin() ? IndexTensor.FromArray([.. Enumerable.Range(0, b).Select(_ => random.Next(s + 1))]) : null,
            Bias = Coin() ? Samples.Of(random.Next(), Coin() ? b : 1, Coin() ? n : 1, Coin() ? t : 1, s) : null,
            Allowed = Coin() ? Samples.Of(random.Next(), Coin() ? b : 1, 1, Coin() ? t : 1, s) > 0f : null,
            Slopes = Coin() ? Samples.Uniform(random.Next(), 0, 1, n) : null,
            Scale = Coin() ? 0.7f : null,
            Softcap = Coin() ? 0.8f : null,
            Dropout = Coin() ? 0.3f : 0f,
        };

        bool Coin() => random.Next(2) == 0;
    }

    private static AttentionOptions WithRandom(AttentionOptions options) => options with { Random = new RandomGenerator(5) };

    private static void Close(float[][] actual, float[][] expected, float tolerance)
    {
        actual.Should().HaveSameCount(expected);
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBeCloseTo(expected[i], tolerance, $"result {i}");
    }
}
