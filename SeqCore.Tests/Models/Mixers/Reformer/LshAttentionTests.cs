using SeqCore.Models;

namespace SeqCore.Tests.Models.Mixers.Reformer;

public class LshAttentionTests
{
    private const int D = 12, N = 3, K = D / N, Chunk = 16;

    [Theory]
    [InlineData(1, 150)]
    [InlineData(4, 150)]
    [InlineData(2, 160)]
    [InlineData(3, 17)]
    [InlineData(1, 16)]
    [InlineData(2, 5)]
    [InlineData(1, 1)]
    public void It_is_the_attention_within_buckets_and_chunks_of_its_definition(int rounds, int steps)
    {
        var layer = Layer(rounds);
        int[] lengths = [steps, Math.Max(1, steps / 3)];
        var x = Draw(1, 2, steps, D);
        var options = new AttentionOptions { KeyLengths = IndexTensor.FromSpan(lengths, new Shape(2)) };
        var actual = layer.Forward(x, new MixerPass { Options = options }).Value.ToArray();
        var expected = Defined(layer, x, lengths);
        for (var row = 0; row < 2 * steps; row++)
        {
            for (var c = 0; c < D && row % steps < lengths[row / steps]; c++)
            {
                var at = (row * D) + c;
                actual[at].Should().BeApproximately((float)expected[at], 2e-5f, "of step {0}, element {1}", row, c);
            }
        }
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        // Steps of few directions, so that none is near the edge of its bucket.
        var layer = Layer(rounds: 2);
        GradientCheck.Run(x => layer.Forward(x[0], new MixerPass()), [Draw(3, 1, 20, D)],
            new GradientCheckOptions { Step = 1.0 / 1024, RelativeTolerance = 2e-2, AbsoluteTolerance = 2e-3 });
    }

    [Fact]
    public void More_rounds_come_closer_to_the_attention_to_all_keys()
    {
        const int Steps = 256;
        var x = Draw(2, 1, Steps, D);
        var all = Layer(1, Steps).Forward(x, new MixerPass()).Value.ToArray();
        var (one, some, many) = (Error(1), Error(4), Error(16));
        some.Should().BeLessThan(one);
        many.Should().BeLessThan(some).And.BeLessThan(0.75 * one);

        double Error(int rounds) => Layer(rounds).Forward(x, new MixerPass()).Value.ToArray()
            .Zip(all, (a, b) => Math.Abs(a - b)).Average();
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_other_buckets()
    {
        var layer = Layer(rounds: 1);
        var x = Draw(2, 1, 200, D);
        var first = layer.Forward(x, new MixerPass()).Value.ToArray();
        layer.Forward(x, new MixerPass()).Value.ToArray().Should().Equal(first);
        layer.Redraw(2);
        layer.Forward(x, new MixerPass()).Value.ToArray().Should().NotEqual(first);
        layer.Redraw(1);
        layer.Forward(x, new MixerPass()).Value.ToArray().Should().Equal(first);
    }

    [Fact]
    public void Steps_beyond_a_length_have_no_effect()
    {
        var layer = Layer(rounds: 2);
        var values = Draw(1, 1, 60, D).ToArray();
        var options = new AttentionOptions { KeyLengths = IndexTensor.FromSpan([40], new Shape(1)) };
        var expected = Result(values);
        Array.Fill(values, 100f, 40 * D, 20 * D);
        Result(values).Should().Equal(expected);

        float[] Result(float[] x)
        {
            var y = layer.Forward(Tensor.FromSpan(x, new Shape(1, 60, D)), new MixerPass { Options = options });
            return [.. y.Value.ToArray().Take(40 * D)];
        }
    }

    [Fact]
    public void What_it_cannot_do_is_refused()
    {
        var layer = Layer(rounds: 1);
        layer.Invoking(l => l.Forward(Draw(1, 1, 6, D), new MixerPass { Options = AttentionOptions.Causal })).Should()
            .Throw<ArgumentException>().WithMessage("LshAttention: it cannot be causal: its buckets are sorted*");
        layer.Invoking(l => l.Forward(Draw(1, 1, 6, D), new MixerPass { Options = new() { Window = 2 } })).Should()
            .Throw<ArgumentException>().WithMessage("*which Window would change; it supports KeyLengths*");
        FluentActions.Invoking(() => new LshAttention(D, N, new RandomGenerator(1), new LshAttentionOptions { Rounds = 0 }))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Rounds*");
    }

    private static LshAttention Layer(int rounds, int chunk = Chunk) =>
        new(D, N, new RandomGenerator(7), new LshAttentionOptions { Rounds = rounds, ChunkSize = chunk });

    private static Tensor Draw(int seed, params int[] sizes) => SeqCore.Tests.Autograd.Samples.Of(seed, sizes);

    private static double[] Defined(LshAttention layer, Tensor x, int[] lengths)
    {
        var parameters = layer.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Value.ToArray());
        int batch = x.Shape[0], steps = x.Shape[1], chunks = (steps + Chunk - 1) / Chunk, all = chunks * Chunk;
        var half = Math.Max(1, chunks / 2);
        var random = new RandomGenerator(layer.Hashing.Seed);
        float[][] rotations = [.. Enumerable.Range(0, layer.Hashing.Rounds)
            .Select(_ => Tensor.RandomNormal([K, half], random).ToArray())];
        var inputs = Project(Array.ConvertAll(x.ToArray(), v => (double)v), "in_proj", 2 * D);
        var mixed = new double[batch * steps * D];
        for (var head = 0; head < batch * N; head++)
        {
            int b = head / N, n = head % N;
            var rounds = rotations.Select(rotation => Round(b, n, rotation)).ToArray();
            for (var t = 0; t < steps; t++)
            {
                var most = rounds.Max(r => r[t].LogSum);
                var weights = rounds.Select(r => Math.Exp(r[t].LogSum - most)).ToArray();
                for (var e = 0; e < K; e++)
                {
                    mixed[(((b * steps) + t) * D) + (n * K) + e] =
                        rounds.Zip(weights, (r, w) => r[t].Y[e] * w).Sum() / weights.Sum();
                }
            }
        }

        return Project(mixed, "out_proj", D);

        (double LogSum, double[] Y)[] Round(int b, int n, float[] rotation)
        {
            int[] buckets = [.. Enumerable.Range(0, all).Select(t => t >= lengths[b] ? 2 * half : chunks == 1 ? 0
                : Bucket(Part(b, t, n, 0), rotation))];
            int[] order = [.. Enumerable.Range(0, all).OrderBy(t => buckets[t])], chunk = new int[all];
            for (var place = 0; place < all; place++)
                chunk[order[place]] = place / Chunk;
            var results = new (double, double[])[all];
            for (var i = 0; i < lengths[b]; i++)
            {
                double[] q = Part(b, i, n, 0);
                var seen = Enumerable.Range(0, lengths[b]).Where(j => buckets[j] == buckets[i]
                    && (chunk[j] == chunk[i] || chunk[j] == (chunk[i] + chunks - 1) % chunks)).ToArray();
                var scores = seen.Select(j =>
                {
                    var k = Part(b, j, n, 0);
                    var length = Math.Sqrt(k.Sum(v => v * v) + 1e-12);
                    return (q.Zip(k, (u, v) => u * v / length).Sum() / Math.Sqrt(K)) - (i == j ? 1e5 : 0);
                }).ToArray();
                var most = scores.Max();
                var logSum = most + Math.Log(scores.Sum(s => Math.Exp(s - most)));
                results[i] = (logSum, [.. Enumerable.Range(0, K).Select(e =>
                    seen.Zip(scores, (j, s) => Math.Exp(s - logSum) * Part(b, j, n, 1)[e]).Sum())]);
            }

            for (var i = lengths[b]; i < all; i++)
                results[i] = (0, new double[K]);
            return results;
        }

        int Bucket(double[] q, float[] rotation)
        {
            double[] rotated = [.. Enumerable.Range(0, half).Select(h => Enumerable.Range(0, K)
                .Sum(e => q[e] * rotation[(e * half) + h]))];
            double[] both = [.. rotated, .. rotated.Select(v => -v)];
            return Array.IndexOf(both, both.Max());
        }

        double[] Part(int b, int t, int n, int which) => t >= steps ? new double[K]
            : inputs.AsSpan((((b * steps) + t) * 2 * D) + (which * D) + (n * K), K).ToArray();

        double[] Project(double[] from, string name, int columns)
        {
            float[] weight = parameters[$"{name}.weight"], bias = parameters[$"{name}.bias"];
            return [.. Enumerable.Range(0, from.Length / D * columns).Select(at => bias[at % columns] + Enumerable.Range(0, D)
                .Sum(c => from[(at / columns * D) + c] * weight[(at % columns * D) + c]))];
        }
    }
}
