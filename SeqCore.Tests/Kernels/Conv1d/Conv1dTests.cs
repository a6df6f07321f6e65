using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Conv1d;

public class Conv1dTests
{
    /// <summary>Sizes that leave tails everywhere, and every way in which windows lie.</summary>
    internal static readonly Conv1dShape[] Shapes =
    [
        new(1, 1, 1, 1, 1),
        new(2, 7, 3, 5, 3),
        new(3, 33, 17, 31, 3) { PaddingLeft = 1, PaddingRight = 1 },
        new(2, 130, 8, 9, 5) { PaddingLeft = 4 },
        new(2, 65, 5, 33, 4) { Stride = 2, PaddingLeft = 3, PaddingRight = 1 },
        new(1, 257, 16, 16, 7) { Stride = 3 },
        new(3, 50, 4, 6, 2) { Stride = 4, PaddingLeft = 2, PaddingRight = 2 },
        new(2, 300, 3, 4, 3) { Dilation = 2, PaddingLeft = 4 },
        new(2, 64, 6, 10, 3) { Dilation = 16, PaddingLeft = 16, PaddingRight = 16 },
        new(2, 70, 4, 4, 5) { Stride = 4, Dilation = 2, PaddingLeft = 5, PaddingRight = 3 },
        new(2, 41, 4, 4, 3) { Stride = 6, Dilation = 4, PaddingLeft = 1 },
        new(2, 150, 12, 8, 3) { Groups = 4, PaddingLeft = 2 },
        new(4, 20, 6, 9, 3) { Groups = 3, Dilation = 3, PaddingLeft = 3, PaddingRight = 3 },
        new(2, 9, 70, 70, 3) { Groups = 70, PaddingLeft = 2 },
        new(2, 150, 67, 67, 4) { Groups = 67, Stride = 2, Dilation = 3, PaddingLeft = 5, PaddingRight = 2 },
        new(2, 30, 5, 10, 3) { Groups = 5, PaddingLeft = 1, PaddingRight = 1 },
        new(2, 60, 7, 12, 1),
        new(5, 10, 7, 12, 1) { Stride = 3, PaddingLeft = 2 },
        new(2, 3, 2, 2, 5),
        new(2, 4, 2, 3, 3) { PaddingLeft = 9, PaddingRight = 8 },
        new(1, 3, 2, 2, 2) { Stride = 7, PaddingLeft = 1 },
        new(0, 5, 2, 2, 2),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Shapes.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Result_and_gradients_agree_with_their_definitions(int index)
    {
        var s = Shapes[index];
        foreach (var hasLengths in (bool[])[false, true])
        {
            var o = new Operands(s, hasLengths ? Lengths(s) : null);
            var found = o.Run(2);
            var what = $"{s}{(hasLengths ? ", lengths" : "")}";
            double[] x = ToDouble(o.X), w = ToDouble(o.Weight), dY = ToDouble(o.DY);
            ShouldBeNear(found.Y, Definition.Conv1d(s, x, w, ToDouble(o.Bias), o.Lengths), 1e-5, 1e-5, $"y of {what}");
            ShouldBeNear(found.WithoutBias, Definition.Conv1d(s, x, w, [], o.Lengths), 1e-5, 1e-5, $"y without bias of {what}");
            var (dX, dWeight, dBias) = Definition.Conv1dGradient(s, x, w, dY, o.Lengths);
            ShouldBeNear(found.DX, dX, 1e-5, 1e-5, $"dX of {what}");
            ShouldBeNear(found.DWeight, dWeight, 1e-5, 3e-5, $"dWeight of {what}");
            ShouldBeNear(found.DBias, dBias, 1e-5, 3e-5, $"dBias of {what}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Threads_change_no_bit(int index)
    {
        var s = Shapes[index];
        var o = new Operands(s, Lengths(s));
        var one = o.Run(1);
        foreach (var threads in (int[])[2, 3])
        {
            var many = o.Run(threads);
            foreach (var (a, b) in one.All.Zip(many.All))
                b.Should().Equal(a);
        }
    }

    [Fact]
    public void Large_weights_and_batches_agree_too()
    {
        // The gradient of the first weight has one part, the second has sequences in many chunks.
        foreach (var s in (Conv1dShape[])[new(2, 50, 300, 600, 3) { PaddingLeft = 2 }, new(40, 110, 3, 33, 2)])
        {
            var o = new Operands(s, null);
            var (one, two) = (o.Run(1), o.Run(2));
            foreach (var (a, b) in one.All.Zip(two.All))
                b.Should().Equal(a);
            var (dX, dWeight, dBias) = Definition.Conv1dGradient(s, ToDouble(o.X), ToDouble(o.Weight), ToDouble(o.DY));
            ShouldBeNear(one.DX, dX, 1e-4, 1e-4, "dX");
            ShouldBeNear(one.DWeight, dWeight, 1e-4, 2e-4, "dWeight");
            ShouldBeNear(one.DBias, dBias, 1e-4, 1e-4, "dBias");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void What_lies_past_a_length_changes_nothing(int index)
    {
        var s = Shapes[index];
        var clean = new Operands(s, Lengths(s));
        var dirty = new Operands(s, Lengths(s));
        for (var b = 0; b < s.Batch; b++)
        {
            dirty.X.AsSpan((b * s.Steps + dirty.Lengths![b]) * s.Inputs, (s.Steps - dirty.Lengths[b]) * s.Inputs)
                .Fill(float.NaN);
            var end = s.OutputLength(dirty.Lengths[b]);
            dirty.DY.AsSpan((b * s.OutputSteps + end) * s.Outputs, (s.OutputSteps - end) * s.Outputs).Fill(float.NaN);
        }

        foreach (var (a, b) in clean.Run(2).All.Zip(dirty.Run(2).All))
            b.Should().Equal(a);
    }

    [Fact]
    public void Gradients_of_the_definition_match_differences()
    {
        var s = new Conv1dShape(2, 9, 4, 6, 3) { Stride = 2, Dilation = 2, Groups = 2, PaddingLeft = 3, PaddingRight = 1 };
        double[] x = ToDouble(Normal(72, 1)), w = ToDouble(Normal(36, 2)), bias = ToDouble(Normal(6, 3)),
            dY = ToDouble(Normal(2 * s.OutputSteps * 6, 4));
        int[] lengths = [9, 4];
        double Loss(double[] a, double[] b, double[] c) => Definition.Conv1d(s, a, b, c, lengths).Zip(dY, (y, d) => y * d).Sum();
        var (dX, dWeight, dBias) = Definition.Conv1dGradient(s, x, w, dY, lengths);
        (double[] Gradient, double[] Expected)[] pairs = [(dX, Differences(x, v => Loss(v, w, bias))),
            (dWeight, Differences(w, v => Loss(x, v, bias))), (dBias, Differences(bias, v => Loss(x, w, v)))];
        foreach (var (gradient, expected) in pairs)
            gradient.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-7);
    }

    [Fact]
    public void Wrong_operands_are_named()
    {
        using var arena = new Arena();
        DeviceSpan<float> twelve = arena.Put(new float[12]), out6 = arena.Output(6);
        void Run(Conv1dShape s, int weight = 12, DeviceSpan<int> lengths = default) => arena.Backend.Conv1d(new()
        {
            Shape = s,
            X = twelve,
            Weight = twelve.Slice(0, weight),
            Lengths = lengths,
            Y = out6,
        });
        var s = new Conv1dShape(2, 3, 2, 2, 3);
        s.OutputSteps.Should().Be(1);
        Run(s);
        FluentActions.Invoking(() => Run(s, 11)).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: weight should hold (2, 2, 3) = 12 elements; got 11.");
        FluentActions.Invoking(() => Run(s with { Stride = 0 })).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: stride and dilation should be at least 1*stride 0*");
        FluentActions.Invoking(() => Run(s with { Groups = 3 })).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: the groups should divide*3 groups, 2 inputs*");
        FluentActions.Invoking(() => Run(s with { Kernel = 0 })).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: sizes*");
        FluentActions.Invoking(() => Run(s with { PaddingLeft = int.MaxValue })).Should().Throw<SizeLimitException>()
            .WithMessage("Conv1d: a padded sequence*");
        FluentActions.Invoking(() => Run(s, lengths: arena.PutIndices(3, 4))).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: lengths should lie in [0, T] = [0, 3]; that of row 1 is 4.");
    }

    /// <summary>Lengths from 0 to T.</summary>
    internal static int[] Lengths(in Conv1dShape s)
    {
        var steps = s.Steps;
        return [.. Enumerable.Range(0, s.Batch).Select(b => b == 1 ? steps : b == 2 ? 0 : steps * 2 / 3)];
    }

    internal sealed class Operands(Conv1dShape s, int[]? lengths)
    {
        internal float[] X { get; } = Normal(s.Batch * s.Steps * s.Inputs, 1);

        internal float[] Weight { get; } = Normal(s.Outputs * s.GroupInputs * s.Kernel, 2);

        internal float[] Bias { get; } = Normal(s.Outputs, 3);

        internal float[] DY { get; } = Normal(s.Batch * s.OutputSteps * s.Outputs, 4);

        internal int[]? Lengths => lengths;

        internal Results Run(int threads)
        {
            using var arena = new Arena(threads);
            DeviceSpan<float> x = arena.Put(X), w = arena.Put(Weight), bias = arena.Put(Bias), dY = arena.Put(DY);
            DeviceSpan<float> y = arena.Output(DY.Length), plain = arena.Output(DY.Length), dX = arena.Output(X.Length),
                dWeight = arena.Output(Weight.Length), dBias = arena.Output(Bias.Length);
            var at = lengths is null ? default : arena.PutIndices(lengths);
            var arguments = new Conv1dArguments { Shape = s, X = x, Weight = w, Bias = bias, Lengths = at, Y = y };
            arena.Backend.Conv1d(arguments);
            arena.Backend.Conv1d(new() { Shape = s, X = x, Weight = w, Lengths = at, Y = plain });
            arena.Backend.Conv1dGradient(arguments, new() { DY = dY, DX = dX, DWeight = dWeight, DBias = dBias });
            return new(y.AsHostSpan().ToArray(), plain.AsHostSpan().ToArray(), dX.AsHostSpan().ToArray(),
                dWeight.AsHostSpan().ToArray(), dBias.AsHostSpan().ToArray());
        }
    }

    internal sealed record Results(float[] Y, float[] WithoutBias, float[] DX, float[] DWeight, float[] DBias)
    {
        internal float[][] All => [Y, WithoutBias, DX, DWeight, DBias];
    }
}
