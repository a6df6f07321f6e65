using SeqCore.Models;

namespace SeqCore.Tests.Models.Mixers.Linear;

public class LinearAttentionTests
{
    private const int D = 12, N = 3, K = D / N;

    public static TheoryData<string, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool, int>();
            foreach (var features in (string[])["elu", "random"])
            {
                foreach (var steps in (int[])[1, 2, 63, 64, 65, 150])
                {
                    cases.Add(features, false, steps);
                    cases.Add(features, true, steps);
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void It_is_the_weighted_mean_of_its_definition(string features, bool isCausal, int steps)
    {
        var layer = Layer(features);
        var x = Draw(1, 2, steps, D);
        int[] lengths = [steps, steps / 2];
        var options = new AttentionOptions { IsCausal = isCausal, KeyLengths = IndexTensor.FromSpan(lengths, new Shape(2)) };
        var actual = layer.Forward(x, new MixerPass { Options = options }).Value.ToArray();
        var expected = Defined(layer, x, lengths, isCausal);
        for (var i = 0; i < actual.Length; i++)
        {
            var tolerance = 1e-5f + (1e-5f * (float)Math.Abs(expected[i]));
            actual[i].Should().BeApproximately((float)expected[i], tolerance, "of element {0}", i);
        }
    }

    [Theory]
    [InlineData("elu", false, 7)]
    [InlineData("elu", true, 66)]
    [InlineData("random", false, 7)]
    [InlineData("random", true, 66)]
    public void Gradients_are_those_of_differences(string features, bool isCausal, int steps)
    {
        var layer = Layer(features);
        var pass = new MixerPass { Options = new AttentionOptions { IsCausal = isCausal } };
        GradientCheck.Run(x => layer.Forward(x[0], pass).Slice(1, steps - 3, 3), [Draw(1, 1, steps, D)],
            new GradientCheckOptions { Step = 1.0 / 64, RelativeTolerance = 5e-3, AbsoluteTolerance = 1e-3 });
    }

    [Theory]
    [InlineData("elu")]
    [InlineData("random")]
    public void A_stream_gives_what_the_whole_sequence_gives(string features)
    {
        const int Steps = 210;
        var layer = Layer(features);
        var x = Draw(1, 2, Steps, D);
        var whole = layer.Forward(x, new MixerPass { Options = AttentionOptions.Causal }).Value;
        using var state = layer.NewState(2, AttentionOptions.Causal);
        for (var step = 0; step < Steps;)
        {
            var count = Math.Min(step switch { 0 => 70, < 90 => 1, _ => 13 }, Steps - step);
            var y = Read(layer, state, x.Slice(1, step, count), step);
            y.ShouldBeCloseTo(whole.Slice(1, step, count).ToArray(), 1e-5f, $"steps from {step} on");
            step += count;
        }
    }

    [Fact]
    public void Rows_of_a_stream_are_moved_with_their_sums()
    {
        var layer = Layer("random");
        Tensor x = Draw(1, 2, 5, D), next = Draw(2, 1, 1, D);
        using var state = layer.NewState(2, AttentionOptions.Causal);
        Read(layer, state, x, 0);
        state.Reorder([1, 1]);
        var y = Read(layer, state, Tensor.Concat([next, next]), 5);
        var row = Tensor.Concat([x.Slice(0, 1, 1), next], 1);
        var expected = layer.Forward(row, new MixerPass { Options = AttentionOptions.Causal }).Value.Slice(1, 5, 1).ToArray();
        y.ShouldBeCloseTo([.. expected, .. expected], 1e-5f, "both rows");
        state.Reset();
        Read(layer, state, x, 0).ShouldBeCloseTo(
            layer.Forward(x, new MixerPass { Options = AttentionOptions.Causal }).Value.ToArray(), 1e-5f, "after a reset");
    }

    [Fact]
    public void Padding_on_the_left_of_a_stream_is_hidden()
    {
        var layer = Layer("elu");
        var x = Draw(1, 2, 9, D);
        var alone = layer.Forward(x.Slice(0, 1, 1).Slice(1, 4, 5), new MixerPass { Options = AttentionOptions.Causal });
        using var state = layer.NewState(2, AttentionOptions.Causal);
        state.SetPadding([0, 4]);
        var first = Read(layer, state, x.Slice(1, 0, 6), 0);
        float[] read = [.. first.AsSpan(D * 10, D * 2), .. Read(layer, state, x.Slice(1, 6, 3), 6).AsSpan(D * 3)];
        read.ShouldBeCloseTo(alone.Value.ToArray(), 1e-5f, "the steps after the padding");
        state.Invoking(s => s.SetPadding([0, 1])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Padding_that_is_not_finite_has_no_effect()
    {
        var block = new TransformerBlock(new TransformerBlockOptions
        {
            ModelSize = D,
            HeadCount = N,
            FeedForwardSize = D,
            Dropout = 0f,
            NewMixer = (o, r) => new LinearAttention(o.ModelSize, o.HeadCount, new EluFeatures(), r),
        }, new RandomGenerator(1));
        var values = Draw(1, 1, 6, D).ToArray();
        var options = new AttentionOptions { KeyLengths = IndexTensor.FromSpan([4], new Shape(1)) };
        var expected = Result(values);
        Array.Fill(values, float.NaN, 4 * D, 2 * D);
        Result(values).Should().Equal(expected);

        float[] Result(float[] x) =>
            [.. block.Forward(Tensor.FromSpan(x, new Shape(1, 6, D)), options).Value.ToArray().Take(4 * D)];
    }

    [Fact]
    public void Random_features_come_closer_to_softmax_attention_the_more_there_are()
    {
        const int Steps = 50, Size = 8;
        Tensor q = Draw(1, 1, 1, Steps, Size), k = Draw(2, 1, 1, Steps, Size), v = Draw(3, 1, 1, Steps, Size);
        var exact = Variable.Attention(q, k, v, AttentionOptions.Causal).Value.ToArray();
        var (few, more, many) = (Error(16), Error(256), Error(4096));
        more.Should().BeLessThan(0.5 * few);
        many.Should().BeLessThan(0.5 * more).And.BeLessThan(0.01);

        double Error(int count) => Enumerable.Range(1, 8).Average(seed =>
        {
            var features = new PositiveRandomFeatures(Size, count, new RandomGenerator((ulong)seed));
            var y = LinearProduct.Causal(features.OfQueries(q), features.OfKeys(k), v, null).Value.ToArray();
            return y.Zip(exact, (a, b) => Math.Abs(a - b)).Average();
        });
    }

    [Fact]
    public void Directions_are_orthogonal_and_follow_the_seed()
    {
        var features = new PositiveRandomFeatures(4, 10, new RandomGenerator(1));
        var first = Directions();
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var product = Enumerable.Range(0, 4).Sum(c => first[(i * 4) + c] * first[(j * 4) + c]);
                if (i / 4 == j / 4)
                    product.Should().BeApproximately(0f, 1e-5f);
            }
        }

        features.Redraw(new RandomGenerator(2));
        Directions().Should().NotEqual(first);
        features.Redraw(new RandomGenerator(1));
        Directions().Should().Equal(first);

        float[] Directions() => features.Directions.ToArray();
    }

    [Fact]
    public void Large_heads_stay_within_the_range_of_float32()
    {
        var features = new PositiveRandomFeatures(512, 64, new RandomGenerator(1));
        var longest = features.Directions.Square().Sum(1).ToArray();
        var along = features.Directions.Slice(0, Array.IndexOf(longest, longest.Max()), 1) * MathF.Pow(512, 0.25f);
        var y = features.OfKeys(along.Reshape(1, 1, 1, 512)).Value.ToArray();
        y.Should().OnlyContain(value => float.IsFinite(value) && value >= 0f);
        y.Max().Should().BeGreaterThan(1e10f);
    }

    [Fact]
    public void What_it_cannot_do_is_refused()
    {
        var layer = Layer("elu");
        var x = Draw(1, 1, 4, D);
        foreach (var (options, name) in (ReadOnlySpan<(AttentionOptions, string)>)
        [
            (new() { Window = 3 }, "Window"), (new() { Pattern = AttentionPattern.Window(2) }, "Pattern"),
            (new() { Bias = Draw(1, 4, 4) }, "Bias"), (new() { Softcap = 1f }, "Softcap"),
        ])
        {
            layer.Invoking(l => l.Forward(x, new MixerPass { Options = options })).Should().Throw<ArgumentException>()
                .WithMessage($"LinearAttention: it has no weights of pairs of steps, which {name} would change;*");
        }

        layer.Invoking(l => l.Forward(x, new MixerPass { Weights = [] })).Should().Throw<NotSupportedException>();
        layer.Invoking(l => l.NewState(1, AttentionOptions.Full)).Should().Throw<NotSupportedException>().WithMessage("*causal*");
        FluentActions.Invoking(() => new LinearAttention(10, 3, new EluFeatures(), new RandomGenerator(1)))
            .Should().Throw<ArgumentException>().WithMessage("*multiple of the number of heads; got 10 and 3*");
        FluentActions.Invoking(() => new LinearAttention(12, 3, new PositiveRandomFeatures(5, 8, new RandomGenerator(1)),
            new RandomGenerator(1))).Should().Throw<ArgumentException>().WithMessage("*for heads of 5; got 4*");
    }

    internal static LinearAttention Layer(string features)
    {
        var random = new RandomGenerator(7);
        FeatureMap map = features == "elu" ? new EluFeatures() : new PositiveRandomFeatures(K, 20, random);
        return new LinearAttention(D, N, map, random);
    }

    private static Tensor Draw(int seed, params int[] sizes) => SeqCore.Tests.Autograd.Samples.Of(seed, sizes);

    private static float[] Read(LinearAttention layer, MixerState state, Tensor x, int position)
    {
        using var inference = InferenceScope.Open();
        var pass = new MixerPass { Options = AttentionOptions.Causal, Position = position, State = state, IsInference = true };
        return layer.Forward(x, pass).Value.ToArray();
    }

    /// <summary>Each weight by itself: the product of the features of a query and a key over the sum of these.</summary>
    private static double[] Defined(LinearAttention layer, Tensor x, int[] lengths, bool isCausal)
    {
        var parameters = layer.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Value.ToArray());
        var directions = (layer.Features as PositiveRandomFeatures)?.Directions.ToArray();
        int batch = x.Shape[0], steps = x.Shape[1];
        var inputs = Project(Array.ConvertAll(x.ToArray(), v => (double)v), "in_proj", 3 * D);
        var mixed = new double[batch * steps * D];
        for (var row = 0; row < batch * steps * N; row++)
        {
            int n = row % N, t = row / N % steps, b = row / N / steps;
            var query = Features(Part(b, t, n, 0), isQuery: true);
            var (sum, result) = (0.0, new double[K]);
            for (var s = 0; s < lengths[b] && (!isCausal || s <= t); s++)
            {
                var weight = query.Zip(Features(Part(b, s, n, 1), isQuery: false), (q, k) => q * k).Sum();
                sum += weight;
                for (var e = 0; e < K; e++)
                    result[e] += weight * Part(b, s, n, 2)[e];
            }

            for (var e = 0; e < K; e++)
                mixed[(((b * steps) + t) * D) + (n * K) + e] = sum == 0 ? 0 : result[e] / sum;
        }

        return Project(mixed, "out_proj", D);

        double[] Part(int b, int t, int n, int which) =>
            inputs.AsSpan((((b * steps) + t) * 3 * D) + (which * D) + (n * K), K).ToArray();

        double[] Project(double[] from, string name, int columns)
        {
            float[] weight = parameters[$"{name}.weight"], bias = parameters[$"{name}.bias"];
            return [.. Enumerable.Range(0, from.Length / D * columns).Select(at => bias[at % columns] + Enumerable.Range(0, D)
                .Sum(c => from[(at / columns * D) + c] * weight[(at % columns * D) + c]))];
        }

        double[] Features(double[] vector, bool isQuery)
        {
            if (directions is null)
                return [.. vector.Select(v => v > 0 ? v + 1 : Math.Exp(v))];
            double[] scaled = [.. vector.Select(v => v / Math.Pow(K, 0.25))];
            double[] exponents = [.. Enumerable.Range(0, directions.Length / K).Select(f => Enumerable.Range(0, K)
                .Sum(e => directions[(f * K) + e] * scaled[e]) - (scaled.Sum(v => v * v) / 2))];
            return [.. exponents.Select(e => Math.Exp(e - (isQuery ? exponents.Max() : 0)))];
        }
    }
}
