using SeqCore.Models;

namespace SeqCore.Tests.Models.Optimizers;

/// <summary>Optimizers and clipping with sparse gradients: what changes are the rows of the step's tokens.</summary>
public sealed class SparseOptimizerTests
{
    private const int V = 50, E = 7;
    private const float Rate = 0.1f;

    private static readonly Dictionary<string, (Func<Parameter, Optimizer> Make, Rule Rule)> Rules = new()
    {
        ["adam"] = (p => new Adam([p], Rate, 0.8f, 0.95f, 1e-6f, 0.3f), Adam),
        ["adamw"] = (p => new AdamW([p], Rate, 0.8f, 0.95f, 1e-6f, 0.3f), AdamW),
        ["sgd"] = (p => new Sgd([p], Rate, weightDecay: 0.3f), Sgd),
        ["momentum"] = (p => new Sgd([p], Rate, 0.8f, 0.25f), Momentum),
        ["nesterov"] = (p => new Sgd([p], Rate, 0.8f, nesterov: true), Nesterov),
        ["rmsprop"] = (p => new RmsProp([p], Rate, 0.95f, 1e-6f, 0.3f, 0.8f), RmsProp),
    };

    /// <summary>The rule of one element in double.</summary>
    private delegate void Rule(ref double w, double g, ref double m, ref double v, int t);

    public static TheoryData<string> Names => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_rows_of_a_step_change_by_the_rule_of_one_element(string name)
    {
        var (make, rule) = Rules[name];
        using var table = Table(sparse: true);
        using var optimizer = make(table.Weight);
        var w = Array.ConvertAll(table.Weight.Value.ToArray(), x => (double)x);
        double[] m = new double[V * E], v = new double[V * E];
        for (var t = 1; t <= 8; t++)
        {
            var tokens = Tokens(t);
            var before = table.Weight.Value.ToArray();
            Back(table, tokens, t);
            var gradient = table.Weight.Gradient!.ToArray();
            var rows = tokens.Distinct().ToHashSet();
            optimizer.Step();
            optimizer.ZeroGradients();
            for (var i = 0; i < V * E; i++)
            {
                if (rows.Contains(i / E))
                    rule(ref w[i], gradient[i], ref m[i], ref v[i], t);
            }

            var after = table.Weight.Value.ToArray();
            for (var i = 0; i < V * E; i++)
            {
                if (rows.Contains(i / E))
                    after[i].Should().BeApproximately((float)w[i], 1e-4f, $"{name}, step {t}, row {i / E}");
                else
                    BitConverter.SingleToInt32Bits(after[i]).Should().Be(BitConverter.SingleToInt32Bits(before[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_the_same_tokens_in_every_step_the_bits_are_those_of_whole_gradients(string name)
    {
        // Every row, so that none decays without a gradient.
        int[] tokens = [.. Enumerable.Range(0, V).Reverse(), 3, 3, 9];
        var results = new List<float[]>();
        foreach (var sparse in (bool[])[false, true])
        {
            using var table = Table(sparse);
            using var optimizer = Rules[name].Make(table.Weight);
            for (var t = 1; t <= 4; t++)
            {
                Back(table, tokens, t);
                optimizer.Step();
                optimizer.ZeroGradients();
            }

            results.Add(table.Weight.Value.ToArray());
        }

        results[1].Should().Equal(results[0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void Plain_SGD_gives_the_bits_of_whole_gradients(int? padding)
    {
        var results = new List<float[]>();
        foreach (var sparse in (bool[])[false, true])
        {
            using var table = Table(sparse, padding);
            using var optimizer = new Sgd(table.Parameters(), Rate);
            for (var t = 1; t <= 20; t++)
            {
                // Two passes in every third step.
                for (var pass = 0; pass <= (t % 3 == 0 ? 1 : 0); pass++)
                    Back(table, Tokens(t + (100 * pass)), t);
                optimizer.Step(0.75f);
                optimizer.ZeroGradients();
            }

            results.Add(table.Weight.Value.ToArray());
            table.Weight.Value.Select(0, 4).ToArray().All(w => w == 0f).Should().Be(padding == 4);
        }

        results[1].Select(BitConverter.SingleToInt32Bits).Should().Equal(results[0].Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void The_padding_neither_moves_nor_decays()
    {
        using var table = Table(sparse: true, padding: 4);
        table.Weight.Value.Select(0, 4).FillInPlace(2f);
        using var optimizer = new AdamW(table.Parameters(), Rate, weightDecay: 0.5f);
        Back(table, [4, 4, 5], 1);
        optimizer.StepClipped(1f);
        table.Weight.Value.Select(0, 4).ToArray().Should().OnlyContain(w => w == 2f);
    }

    [Fact]
    public void Steps_without_a_lookup_or_without_tokens_change_nothing()
    {
        using var table = Table(sparse: true);
        using var optimizer = new AdamW(table.Parameters(), Rate, weightDecay: 0.5f);
        Back(table, [1, 2], 1);
        optimizer.Step();
        optimizer.ZeroGradients();
        var before = table.Weight.Value.ToArray();
        var state = optimizer.StateDictionary().Tensors.Values.SelectMany(s => s.ToArray()).ToArray();

        optimizer.Step();
        optimizer.StepClipped(1f).Norm.Should().Be(0);
        Back(table, [], 2);
        optimizer.Step();
        optimizer.StepClipped(1f).Norm.Should().Be(0);
        table.Weight.Value.ToArray().Should().Equal(before);
        optimizer.StateDictionary().Tensors.Values.SelectMany(s => s.ToArray()).Should().Equal(state);
        optimizer.StepCount.Should().Be(5);
    }

    [Fact]
    public void Clipping_by_the_norm_reads_the_rows_and_keeps_them()
    {
        using Embedding whole = Table(sparse: false), sparse = Table(sparse: true);
        var norms = new List<double>();
        foreach (var table in (Embedding[])[whole, sparse])
        {
            Back(table, [8, 1, 2, 3, 1, 40], 1);
            using var clipped = GradientClip.ByGlobalNorm(table.Parameters(), 0.5f);
            clipped.Scale.Should().BeLessThan(1f);
            norms.Add(clipped.Norm);
        }

        norms[1].Should().BeApproximately(norms[0], 1e-6 * norms[0]);
        sparse.Weight.Gradient!.ToArray().ShouldBeCloseTo(whole.Weight.Gradient!.ToArray(), 1e-6f, "gradient");
        sparse.Weight.GradientRows.Should().Equal(1, 2, 3, 8, 40);
        using var optimizer = new Sgd(sparse.Parameters(), 0.5f);
        optimizer.StepClipped(0.25f).Norm.Should().BeApproximately(0.5, 1e-4);
    }

    [Fact]
    public void Clipping_to_a_norm_that_is_not_finite_leaves_the_other_rows_sound()
    {
        using var table = Table(sparse: true);
        Back(table, [3, 3], 1);
        table.Weight.ChangeGradient(g => g.FillInPlace(float.PositiveInfinity));
        GradientClip.ByGlobalNorm(table.Parameters(), 1f).Scale.Should().Be(float.NaN);
        table.Weight.Gradient!.ToArray().Count(float.IsNaN).Should().Be(E);
        using var optimizer = new AdamW(table.Parameters());
        var before = table.Weight.Value.ToArray();
        optimizer.StepClipped(1f);
        table.Weight.Value.ToArray().Should().Equal(before, "a step without a norm is skipped");
        optimizer.ZeroGradients();
        Back(table, [5], 1);
        optimizer.StepClipped(1f);
        table.Weight.Value.IsFinite().Should().BeTrue();
    }

    [Fact]
    public void Clipping_by_value_keeps_the_rows()
    {
        using Embedding whole = Table(sparse: false), sparse = Table(sparse: true);
        foreach (var table in (Embedding[])[whole, sparse])
        {
            Back(table, [8, 1, 1, 40], 1);
            GradientClip.ByValue(table.Parameters(), 0.1f);
        }

        sparse.Weight.Gradient!.ToArray().Should().Equal(whole.Weight.Gradient!.ToArray());
        sparse.Weight.GradientRows.Should().Equal(1, 8, 40);
    }

    [Fact]
    public void A_custom_rule_gets_the_whole_gradient()
    {
        using Embedding custom = Table(sparse: true), plain = Table(sparse: false);
        using var own = new Decaying(custom.Parameters());
        using var fused = new Sgd(plain.Parameters(), 1f, weightDecay: 0.5f);
        Back(custom, [1, 2, 2], 1);
        Back(plain, [1, 2, 2], 1);
        own.Step(0.5f);
        fused.Step(0.5f);
        custom.Weight.Value.ToArray().ShouldBeCloseTo(plain.Weight.Value.ToArray(), 1e-6f, "all rows decay");
    }

    [Fact]
    public void A_gradient_that_the_caller_wrote_to_changes_all_rows()
    {
        using var table = Table(sparse: true);
        using var optimizer = new Sgd(table.Parameters(), 1f);
        var before = table.Weight.Value.ToArray();
        Back(table, [1], 1);
        table.Weight.Gradient!.FillInPlace(1f);
        optimizer.Step();
        table.Weight.Value.ToArray().Should().Equal(before.Select(w => w - 1f));
    }

    private static Embedding Table(bool sparse, int? padding = null) =>
        new(V, E, new RandomGenerator(1), padding, sparseGradient: sparse);

    /// <summary>Some of the tokens, with runs of neighbours and repetitions.</summary>
    private static int[] Tokens(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 9).Select(_ => random.Next(V)), 4, 5, 6, 6, V - 1];
    }

    private static void Back(Embedding table, int[] tokens, int seed)
    {
        using var tape = new Tape();
        var y = table.Forward(IndexTensor.FromArray(tokens));
        tape.Backward(y, Autograd.Samples.Of(seed, tokens.Length, E));
    }

    private static void Adam(ref double w, double g, ref double m, ref double v, int t)
    {
        g += 0.3 * w;
        Moments(g, ref m, ref v);
        w -= Rate * Direction(m, v, t);
    }

    private static void AdamW(ref double w, double g, ref double m, ref double v, int t)
    {
        Moments(g, ref m, ref v);
        w = (w * (1 - (Rate * 0.3))) - (Rate * Direction(m, v, t));
    }

    private static void Sgd(ref double w, double g, ref double m, ref double v, int t) => w -= Rate * (g + (0.3 * w));

    private static void Momentum(ref double w, double g, ref double m, ref double v, int t)
    {
        // The first step of the optimizer, not of the row.
        m = t == 1 ? g : (0.8 * m) + (0.75 * g);
        w -= Rate * m;
    }

    private static void Nesterov(ref double w, double g, ref double m, ref double v, int t)
    {
        m = (0.8 * m) + g;
        w -= Rate * (g + (0.8 * m));
    }

    private static void RmsProp(ref double w, double g, ref double m, ref double v, int t)
    {
        g += 0.3 * w;
        v = (0.95 * v) + (0.05 * g * g);
        m = (0.8 * m) + (g / (Math.Sqrt(v) + 1e-6));
        w -= Rate * m;
    }

    private static void Moments(double g, ref double m, ref double v)
    {
        m = (0.8 * m) + (0.2 * g);
        v = (0.95 * v) + (0.05 * g * g);
    }

    // The bias correction counts the steps of the optimizer.
    private static double Direction(double m, double v, int t) =>
        m / (1 - Math.Pow(0.8, t)) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-6);

    private sealed class Decaying(IEnumerable<Parameter> parameters) : Optimizer([new ParameterGroup(parameters)], 1f)
    {
        protected override void Update(ReadOnlySpan<ParameterUpdate> parameters, in OptimizerStep step)
        {
            var (value, gradient) = (parameters[0].Value, parameters[0].Gradient);
            gradient.Shape.Should().Equal(V, E);
            value.SubtractInPlace(gradient + (value * 0.5f));
        }
    }
}
