using SeqCore.Models;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Pooling;

public class TimePoolingTests
{
    private static readonly int[] steps = [5, 1, 3];

    public static TheoryData<TimePoolingKind> Kinds { get; } = new(Enum.GetValues<TimePoolingKind>());

    internal static TimePooling New(TimePoolingKind kind) => kind switch
    {
        TimePoolingKind.Last => new LastStep(),
        TimePoolingKind.Mean => new MeanPooling(),
        TimePoolingKind.Max => new MaxPooling(),
        _ => new AttentionPooling(4, new RandomGenerator(3), attentionSize: 6),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_of_a_batch_is_pooled_as_if_it_were_alone(TimePoolingKind kind)
    {
        using var pooling = New(kind);
        using var scope = new TensorScope();
        var x = Draws.Of(1, 3, 5, 4);
        var padded = x.MaskedFill(!BoolTensor.LengthMask(IndexTensor.FromArray(steps), 5).Unsqueeze(2), float.NaN);
        var pooled = pooling.Forward(padded, IndexTensor.FromArray(steps)).Value;
        pooled.Shape.Sizes.ToArray().Should().Equal(3, 4);
        for (var b = 0; b < steps.Length; b++)
        {
            var alone = x.Slice(0, b, 1).Slice(1, 0, steps[b]);
            pooling.Forward(alone).Value.ToArray().ShouldBeCloseTo(Definition(kind, pooling, alone), 1e-6f, $"{kind} {b}");
            pooled.Slice(0, b, 1).ToArray().ShouldBeCloseTo(Definition(kind, pooling, alone), 1e-6f, $"{kind} {b} in a batch");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_match_finite_differences_and_are_0_in_padding(TimePoolingKind kind)
    {
        using var pooling = New(kind);
        using var lengths = IndexTensor.FromArray(steps);
        var factors = Draws.Of(2, 3, 4);
        Variable Loss(Variable x) => (pooling.Forward(x, lengths) * factors).Sum();
        GradientCheck.Run(v => Loss(v[0]), [Draws.Spread(1, 3, 5, 4)]);
        foreach (var (name, parameter) in pooling.NamedParameters())
            ParameterCheck.Run(pooling, parameter, () => Loss(Draws.Of(1, 3, 5, 4)), $"{kind} {name}");

        var x = new Variable(Draws.Of(1, 3, 5, 4), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(Loss(x));
        x.Gradient!.Slice(0, 1, 1).Slice(1, 1, 4).ToArray().Should().OnlyContain(g => g == 0f);
    }

    [Fact]
    public void Weights_of_attention_add_up_to_1_and_are_0_in_padding()
    {
        using var pooling = new AttentionPooling(4, new RandomGenerator(3));
        using var scope = new TensorScope();
        var (pooled, weights) = pooling.ForwardWithWeights(Draws.Of(1, 3, 5, 4), IndexTensor.FromArray(steps));
        pooled.Shape.Sizes.ToArray().Should().Equal(3, 4);
        weights.Value.Sum(axis: 1).ToArray().ShouldBeCloseTo([1f, 1f, 1f], 1e-6f, "sums");
        weights.Value.Slice(0, 1, 1).ToArray().Should().Equal(1f, 0f, 0f, 0f, 0f);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_does_not_fit_is_refused(TimePoolingKind kind)
    {
        Requires.Cpu("lengths are checked on the CPU alone");
        using var pooling = New(kind);
        using var scope = new TensorScope();
        pooling.Invoking(p => p.Forward(Draws.Of(1, 3, 4))).Should().Throw<ShapeException>()
            .WithMessage($"{pooling.Kind}: x should have shape (B, T, F) with T at least 1*(3, 4)*");
        pooling.Invoking(p => p.Forward(Tensor.Zeros([3, 0, 4]))).Should().Throw<ShapeException>();
        pooling.Invoking(p => p.Forward(Draws.Of(1, 3, 5, 4), IndexTensor.FromArray([1, 2]))).Should().Throw<ShapeException>()
            .WithMessage($"{pooling.Kind}: lengths should have shape (B,) = (3,)*");
        foreach (var wrong in (int[])[0, 6, -1])
        {
            pooling.Invoking(p => p.Forward(Draws.Of(1, 3, 5, 4), IndexTensor.FromArray([1, 5, wrong]))).Should()
                .Throw<ArgumentOutOfRangeException>()
                .WithMessage($"*lengths should be in [1, T] = [1, 5]; sequence 2 has {wrong}*");
        }
    }

    [Fact]
    public void The_last_step_of_a_recurrent_layer_is_its_state()
    {
        var random = new RandomGenerator(1);
        using var gru = new Gru(4, 6, random);
        using var scope = new TensorScope();
        var lengths = IndexTensor.FromArray(steps);
        var (output, state) = gru.Forward(Draws.Of(1, 3, 5, 4), state: null, lengths);
        new LastStep().Forward(output, lengths).Value.ToArray().Should().Equal(state.Hidden[0].Value.ToArray());
    }

    private static float[] Definition(TimePoolingKind kind, TimePooling pooling, Tensor x)
    {
        var (count, rows) = (x.Shape[1], x.Reshape(x.Shape[1], 4).ToArray2D());
        double[] weights = kind == TimePoolingKind.Attention
            ? Attention(pooling, rows)
            : [.. Enumerable.Repeat(1.0 / count, count)];
        return [.. Enumerable.Range(0, 4).Select(f => kind switch
        {
            TimePoolingKind.Last => rows[count - 1, f],
            TimePoolingKind.Max => Enumerable.Range(0, count).Max(t => rows[t, f]),
            _ => (float)Enumerable.Range(0, count).Sum(t => weights[t] * rows[t, f]),
        })];
    }

    private static double[] Attention(TimePooling pooling, float[,] rows)
    {
        var state = pooling.StateDictionary();
        float[,] w = state["projection.weight"].ToArray2D(), v = state["score.weight"].ToArray2D();
        var b = state["projection.bias"].ToArray();
        double[] powers = [.. Enumerable.Range(0, rows.GetLength(0)).Select(t => Math.Exp(Enumerable.Range(0, b.Length).Sum(u =>
            v[0, u] * Math.Tanh(b[u] + Enumerable.Range(0, 4).Sum(f => (double)w[u, f] * rows[t, f])))))];
        return [.. powers.Select(p => p / powers.Sum())];
    }
}
