using SeqCore.Models;

namespace SeqCore.Tests.Models.Mixers.Linformer;

public class LinformerAttentionTests
{
    private const int D = 12, N = 3, K = D / N, Length = 40, Rank = 5;

    [Theory]
    [InlineData(1, false, 40)]
    [InlineData(1, true, 33)]
    [InlineData(N, false, 1)]
    [InlineData(N, true, 40)]
    public void It_is_the_attention_to_projected_keys_of_its_definition(int heads, bool shares, int steps)
    {
        var layer = Layer(heads, shares);
        int[] lengths = [steps, (steps + 1) / 2];
        var x = Draw(1, 2, steps, D);
        var options = new AttentionOptions { KeyLengths = IndexTensor.FromSpan(lengths, new Shape(2)) };
        var actual = layer.Forward(x, new MixerPass { Options = options }).Value.ToArray();
        var expected = Defined(layer, x, lengths);
        for (var i = 0; i < actual.Length; i++)
            actual[i].Should().BeApproximately((float)expected[i], 1e-5f, "of element {0}", i);
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        var layer = Layer(N, shares: false);
        GradientCheck.Run(x => layer.Forward(x[0], new MixerPass()), [Draw(1, 1, 7, D)],
            new GradientCheckOptions { Step = 1.0 / 64, RelativeTolerance = 5e-3, AbsoluteTolerance = 1e-3 });
        using var tape = new Tape();
        tape.Backward(layer.Forward(Draw(1, 1, 7, D), new MixerPass()).Square().Sum());
        foreach (var (name, parameter) in layer.Projection.NamedParameters())
        {
            var gradient = parameter.Gradient!.ToArray();
            gradient.Where((_, at) => at % Length < 7).Should().NotContain(0f, name);
            gradient.Where((_, at) => at % Length >= 7).Should().OnlyContain(g => g == 0f, name);
        }
    }

    [Fact]
    public void A_projection_may_be_shared_between_heads_values_and_layers()
    {
        var random = new RandomGenerator(1);
        Layer(1, shares: true).Projection.ParameterCount.Should().Be(Rank * Length);
        Layer(N, shares: false).Projection.ParameterCount.Should().Be(2 * N * Rank * Length);
        var shared = new LinformerProjection(Length, Rank, random);
        var stack = new TransformerStack(2, new TransformerBlockOptions
        {
            ModelSize = D,
            HeadCount = N,
            FeedForwardSize = 4,
            NewMixer = (o, r) => new LinformerAttention(o.ModelSize, o.HeadCount, shared, r),
        }, random);
        stack.NamedParameters().Where(p => p.Key.Contains("projection", StringComparison.Ordinal)).Select(p => p.Key)
            .Should().Equal("layers.0.mixer.projection.keys", "layers.0.mixer.projection.values");
    }

    [Fact]
    public void Steps_beyond_a_length_have_no_effect_even_if_they_are_not_finite()
    {
        var layer = Layer(1, shares: false);
        var values = Draw(1, 1, 6, D).ToArray();
        var options = new AttentionOptions { KeyLengths = IndexTensor.FromSpan([4], new Shape(1)) };
        var expected = Result(values);
        Array.Fill(values, 100f, 4 * D, 2 * D);
        Result(values).Should().Equal(expected);

        float[] Result(float[] x)
        {
            var y = layer.Forward(Tensor.FromSpan(x, new Shape(1, 6, D)), new MixerPass { Options = options });
            return [.. y.Value.ToArray().Take(4 * D)];
        }
    }

    [Fact]
    public void What_it_cannot_do_is_refused()
    {
        var layer = Layer(1, shares: false);
        layer.Invoking(l => l.Forward(Draw(1, 1, 6, D), new MixerPass { Options = AttentionOptions.Causal })).Should()
            .Throw<ArgumentException>().WithMessage("LinformerAttention: it cannot be causal: each projected key mixes*");
        layer.Invoking(l => l.Forward(Draw(1, 1, Length + 1, D), new MixerPass())).Should().Throw<ShapeException>()
            .WithMessage($"*S at most {Length}*");
        ((ISequenceMixer)layer).Invoking(l => l.NewState(1, AttentionOptions.Full)).Should().Throw<NotSupportedException>()
            .WithMessage("*only whole sequences*");
        var random = new RandomGenerator(1);
        var two = new LinformerProjection(Length, Rank, random, headCount: 2);
        FluentActions.Invoking(() => new LinformerAttention(D, N, two, random)).Should().Throw<ArgumentException>()
            .WithMessage("*for 1 or 3 heads; it is for 2*");
    }

    private static LinformerAttention Layer(int heads, bool shares)
    {
        var random = new RandomGenerator(7);
        return new LinformerAttention(D, N, new LinformerProjection(Length, Rank, random, heads, shares), random);
    }

    private static Tensor Draw(int seed, params int[] sizes) => SeqCore.Tests.Autograd.Samples.Of(seed, sizes);

    private static double[] Defined(LinformerAttention layer, Tensor x, int[] lengths)
    {
        var parameters = layer.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Value.ToArray());
        int batch = x.Shape[0], steps = x.Shape[1], heads = layer.Projection.HeadCount;
        var keys = parameters["projection.keys"];
        var values = parameters.GetValueOrDefault("projection.values", keys);
        var inputs = Project(Array.ConvertAll(x.ToArray(), v => (double)v), "in_proj", 3 * D);
        var mixed = new double[batch * steps * D];
        for (var row = 0; row < batch * steps * N; row++)
        {
            int n = row % N, t = row / N % steps, b = row / N / steps;
            var weights = Enumerable.Range(0, Rank).Select(r => Math.Exp(Enumerable.Range(0, K)
                .Sum(e => Input(b, t, n, 0, e) * Projected(keys, b, n, r, 1, e)) / Math.Sqrt(K))).ToArray();
            for (var e = 0; e < K; e++)
            {
                mixed[(((b * steps) + t) * D) + (n * K) + e] = Enumerable.Range(0, Rank)
                    .Sum(r => weights[r] * Projected(values, b, n, r, 2, e)) / weights.Sum();
            }
        }

        return Project(mixed, "out_proj", D);

        double Input(int b, int t, int n, int which, int e) => inputs[(((b * steps) + t) * 3 * D) + (which * D) + (n * K) + e];

        double Projected(float[] projection, int b, int n, int r, int which, int e) => Enumerable.Range(0, lengths[b])
            .Sum(t => projection[((((heads == 1 ? 0 : n) * Rank) + r) * Length) + t] * Input(b, t, n, which, e));

        double[] Project(double[] from, string name, int columns)
        {
            float[] weight = parameters[$"{name}.weight"], bias = parameters[$"{name}.bias"];
            return [.. Enumerable.Range(0, from.Length / D * columns).Select(at => bias[at % columns] + Enumerable.Range(0, D)
                .Sum(c => from[(at / columns * D) + c] * weight[(at % columns * D) + c]))];
        }
    }
}
