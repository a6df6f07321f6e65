using SeqCore.Models;

namespace SeqCore.Tests.Models.Attention;

public class HardAttentionTests
{
    private const int S = 4, Q = 3;

    [Fact]
    public void Choices_are_as_frequent_as_their_probabilities()
    {
        const int samples = 20_000;
        using var hard = New(HardAttentionEstimator.ScoreFunction);
        var result = hard.Choose(Random([1, 1, Q], 1).BroadcastTo(new Shape(1, samples, Q)).Contiguous(),
            hard.Score.Prepare(Random([1, S, Q], 2)));
        var p = result.Probabilities.Value.ToArray().AsSpan(0, S).ToArray();
        var counts = result.Choices.ToArray().CountBy(c => c).ToDictionary();
        p.Sum().Should().BeApproximately(1f, 1e-5f);
        for (var s = 0; s < S; s++)
        {
            ((double)counts[s]).Should().BeApproximately(samples * p[s], 5 * Math.Sqrt(samples * p[s]),
                $"position {s} has probability {p[s]}");
        }

        var logs = result.LogProbabilities.Value.ToArray();
        result.Choices.ToArray().Zip(logs).Take(100).Should().OnlyContain(x => Math.Abs(Math.Log(p[x.First]) - x.Second) < 1e-5);
    }

    [Theory]
    [InlineData(HardAttentionEstimator.ScoreFunction)]
    [InlineData(HardAttentionEstimator.StraightThrough)]
    public void The_output_is_the_chosen_value_and_padding_is_never_chosen(HardAttentionEstimator estimator)
    {
        using var hard = New(estimator);
        var values = Random([3, S, 2], 3);
        using var lengths = IndexTensor.FromSpan([4, 2, 0], new Shape(3));
        var result = hard.Choose(Random([3, 50, Q], 1),
            hard.Score.Prepare(Random([3, S, Q], 2), values, new AttentionOptions { KeyLengths = lengths }));
        var (choices, output, weights,
            v) = (result.Choices.ToArray(), result.Output.Value.ToArray(), result.Weights.Value.ToArray(), values.ToArray());
        choices[..50].Distinct().Should().HaveCount(4);
        choices[50..100].Should().OnlyContain(c => c == 0 || c == 1);
        choices[100..].Should().OnlyContain(c => c == -1);
        for (var i = 0; i < choices.Length; i++)
        {
            for (var j = 0; j < 2; j++)
                output[(2 * i) + j].Should().Be(choices[i] < 0 ? 0f : v[(((i / 50 * S) + choices[i]) * 2) + j]);
            for (var s = 0; s < S; s++)
                weights[(i * S) + s].Should().Be(s == choices[i] ? 1f : 0f);
        }

        result.LogProbabilities.Value.ToArray()[100..].Should().OnlyContain(l => l == 0f);
    }

    [Fact]
    public void In_evaluation_the_likeliest_position_is_taken()
    {
        using var hard = New(HardAttentionEstimator.StraightThrough);
        hard.Evaluate();
        Tensor q = Random([2, 5, Q], 1), k = Random([2, S, Q], 2);
        var result = hard.Choose(q, hard.Score.Prepare(k));
        result.Choices.ToArray().Should().Equal(result.Probabilities.Value.ArgMax(-1).ToArray());
        hard.Forward(q, k, returnWeights: true).Weights!.Value.ToArray().Should().Equal(result.Weights.Value.ToArray());
    }

    [Fact]
    public void The_score_function_gradient_is_unbiased()
    {
        const int batch = 512, rounds = 40;
        Tensor start = Random([1, 1, Q], 1), keys = Random([1, S, Q], 2), values = Random([1, S, 2], 3);
        var target = Tensor.FromSpan([0.5f, -1f], new Shape(1, 1, 2));

        // All choices, each with its probability.
        var exact = new Variable(start.Copy(), requiresGradient: true);
        using (var tape = new Tape())
        {
            var p = Variable.MatMul(exact, new Variable(keys).Transpose()).Softmax().Reshape(S);
            tape.Backward((p * (values - target).Square().Sum(2).Reshape(S)).Sum());
        }

        using var hard = New(HardAttentionEstimator.ScoreFunction);
        var reinforce = new Reinforce();
        var query = new Variable(start.Copy(), requiresGradient: true);
        var estimates = new float[rounds][];
        for (var round = 0; round < rounds; round++)
        {
            using var tape = new Tape();
            var source = hard.Score.Prepare(keys.BroadcastTo(new Shape(batch, S, Q)).Contiguous(),
                values.BroadcastTo(new Shape(batch, S, 2)).Contiguous());
            var result = hard.Choose(query.BroadcastTo(new Shape(batch, 1, Q)), source);
            var losses = (result.Output - target).Square().Sum([1, 2]);
            tape.Backward(reinforce.Loss(losses, result.LogProbabilities));
            estimates[round] = query.Gradient!.ToArray();
            query.ZeroGradient();
        }

        var wanted = exact.Gradient!.ToArray();
        for (var i = 0; i < Q; i++)
        {
            var mean = estimates.Average(e => e[i]);
            var error = Math.Sqrt(estimates.Average(e => (e[i] - mean) * (e[i] - mean)) / rounds);
            error.Should().BeLessThan(0.1 * wanted.Max(Math.Abs), "the bound below should mean something");
            mean.Should().BeApproximately(wanted[i], (float)(4.5 * error), $"component {i}");
        }
    }

    [Fact]
    public void The_straight_through_gradient_is_that_of_the_softmax_with_the_same_noise()
    {
        const float temperature = 0.7f;
        using var score = new DotAttention(Q);
        using var hard = new HardAttention(score, HardAttentionEstimator.StraightThrough, new RandomGenerator(9), temperature);
        Tensor start = Random([2, 5, Q], 1), keys = Random([2, S, Q], 2), seed = Random([2, 1, 5, S], 3);
        var query = new Variable(start, requiresGradient: true);
        using (var tape = new Tape())
            tape.Backward((hard.Choose(query, score.Prepare(keys)).Weights * seed).Sum());

        var soft = new Variable(start, requiresGradient: true);
        using (var tape = new Tape())
        {
            var u = Tensor.RandomUniform(new Shape(2, 1, 5, S), new RandomGenerator(9)).ToArray();
            var noise = Tensor.FromSpan(Array.ConvertAll(u, x => (float)-Math.Log(-Math.Log(x + Math.Pow(2, -25)))),
                new Shape(2, 5, S));
            tape.Backward((((Variable.MatMul(soft, new Variable(keys).Transpose()) + noise) / temperature).Softmax()
                * seed.Squeeze(1)).Sum());
        }

        query.Gradient!.ShouldBeCloseTo(soft.Gradient!, 1e-5f, "gradient");
        query.Gradient!.ToArray().Should().Contain(g => Math.Abs(g) > 0.01f);
    }

    [Theory]
    [InlineData(HardAttentionEstimator.ScoreFunction)]
    [InlineData(HardAttentionEstimator.StraightThrough)]
    public void Learns_to_look_where_the_mark_is(HardAttentionEstimator estimator)
    {
        const int batch = 32, steps = 150;
        using var score = new GeneralAttention(Q, 2, new RandomGenerator(1));
        using var hard = new HardAttention(score, estimator, new RandomGenerator(2));
        using var optimizer = new Adam(hard.Parameters(), 0.1f);
        var (reinforce, random, query) = (new Reinforce(), new RandomGenerator(3), Tensor.Ones([batch, 1, Q]));
        for (var step = 0; step < steps; step++)
        {
            using var tape = new Tape();
            var (keys, values, target) = Batch(batch, random);
            var result = hard.Choose(query, score.Prepare(keys, values));
            var losses = (result.Output - target).Square().Sum([1, 2]);
            tape.Backward(estimator == HardAttentionEstimator.ScoreFunction
                ? reinforce.Loss(losses, result.LogProbabilities)
                : losses.Mean());
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        hard.Evaluate();
        var (newKeys, newValues, wanted) = Batch(batch, random);
        hard.Forward(query, newKeys, newValues).Output.Value.ShouldBeCloseTo(wanted, 0f, "output");
    }

    [Fact]
    public void Entropy_is_rewarded_and_its_gradient_is_right_where_a_probability_is_zero()
    {
        var reinforce = new Reinforce(entropyWeight: 0.5f);
        var p = new Variable(Tensor.FromSpan([0.25f, 0.75f, 0f, 1f, 0f, 0f], new Shape(2, 1, 1, 3)), requiresGradient: true);
        using var tape = new Tape();
        var loss = reinforce.Loss(Tensor.FromSpan([3f, 5f], new Shape(2)), Tensor.Zeros([2, 1]), p);
        var entropy = -((0.25 * Math.Log(0.25)) + (0.75 * Math.Log(0.75)));
        loss.Value.Item().Should().BeApproximately((float)(4 - (0.5 * entropy / 2)), 1e-6f);
        tape.Backward(loss);
        p.Gradient!.IsFinite().Should().BeTrue();
        p.Gradient!.ToArray()[0].Should().BeApproximately((float)((Math.Log(0.25) + 1) / 4), 1e-6f);
    }

    [Fact]
    public void The_baseline_follows_the_losses()
    {
        var reinforce = new Reinforce(baselineDecay: 0.9f);
        reinforce.Baseline.Should().BeNull();
        reinforce.Loss(Tensor.FromSpan([1f, 3f], new Shape(2)), Tensor.Zeros([2, 1]));
        reinforce.Baseline.Should().Be(2);
        reinforce.Loss(Tensor.FromSpan([4f, 4f], new Shape(2)), Tensor.Zeros([2, 1]));
        reinforce.Baseline.Should().BeApproximately(2.2, 1e-6);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        using var hard = New(HardAttentionEstimator.ScoreFunction);
        var dropout = new AttentionOptions { Dropout = 0.1f, Random = new RandomGenerator(1) };
        hard.Invoking(h => h.Forward(Random([1, 1, Q], 1), Random([1, S, Q], 2), options: dropout))
            .Should().Throw<ArgumentException>().WithMessage("HardAttention: a single choice has no dropout*");
        var reinforce = new Reinforce(entropyWeight: 1f);
        reinforce.Invoking(r => r.Loss(Tensor.Zeros([2, 3]), Tensor.Zeros([2, 1])))
            .Should().Throw<ShapeException>().WithMessage("Reinforce: losses should have shape (B,)*sum the losses*");
        reinforce.Invoking(r => r.Loss(Tensor.Zeros([2]), Tensor.Zeros([3, 1])))
            .Should().Throw<ShapeException>().WithMessage("Reinforce: logProbabilities should have shape (B, T) = (2, T)*");
        reinforce.Invoking(r => r.Loss(Tensor.Zeros([2]), Tensor.Zeros([2, 1]), null, Tensor.Zeros([3])))
            .Should().Throw<ShapeException>().WithMessage("Reinforce: consequences should have shape (B,) = (2,)*got (3,)*");
        reinforce.Invoking(r => r.Loss(Tensor.Zeros([2]), Tensor.Zeros([2, 1])))
            .Should().Throw<ArgumentException>().WithMessage("Reinforce: the entropy needs*");
    }

    private static HardAttention New(HardAttentionEstimator estimator) =>
        new(new DotAttention(Q), estimator, new RandomGenerator(7));

    /// <summary>
    /// At one position, drawn for each example, the key is (1, 0) and the value the target; elsewhere the key is (0, 1).
    /// </summary>
    private static (Tensor Keys, Tensor Values, Tensor Target) Batch(int batch, RandomGenerator random)
    {
        var (keys, targets, values) = (new float[batch * S * 2], new float[batch],
            Tensor.RandomNormal(new Shape(batch, S, 1), random));
        for (var b = 0; b < batch; b++)
        {
            var marked = random.NextInt32(S);
            for (var s = 0; s < S; s++)
                keys[(((b * S) + s) * 2) + (s == marked ? 0 : 1)] = 1f;
            targets[b] = values.ToArray()[(b * S) + marked];
        }

        return (Tensor.FromSpan(keys, new Shape(batch, S, 2)), values, Tensor.FromSpan(targets, new Shape(batch, 1, 1)));
    }

    private static Tensor Random(int[] sizes, ulong seed) => Tensor.RandomNormal(sizes, new RandomGenerator(seed));
}
