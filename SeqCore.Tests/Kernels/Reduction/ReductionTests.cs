using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Kernels.Reduction;
using SeqCore.Tests.Kernels.Simd;
using SeqCore.Tests.Kernels.Strided;

namespace SeqCore.Tests.Kernels.Reduction;

public class ReductionTests
{
    private static readonly CpuBackend Backend = new(2);

    /// <summary>Products of many elements leave the range of floats; they have tests of their own.</summary>
    public static TheoryData<ReductionKind> Kinds =>
        new(Enum.GetValues<ReductionKind>().Where(k => k != ReductionKind.Product));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Agrees_with_its_definition_over_any_layouts_and_axes(ReductionKind kind) => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var reduced = sizes.Select(s => new Random(seed ^ s).Next(2) == 0 ? 1 : s).ToArray();
        var (x, y) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, reduced, false));
        Backend.Reduce(kind, x, y);
        var expected = Expected(kind, x, reduced);
        var actual = RandomLayout.Elements(y);

        // Elements are below 2 in magnitude, and up to 64 are added in a row.
        var elements = kind == ReductionKind.Mean ? 1 : (double)x.Layout.Count / Math.Max(1, y.Layout.Count);
        for (var i = 0; i < actual.Length; i++)
        {
            ((double)actual[i]).Should().BeApproximately(expected[i], 1e-6 + 1.2e-7 * (Math.Abs(expected[i]) + 2 * elements),
                $"sizes ({string.Join(",", sizes)}) to ({string.Join(",", reduced)})");
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_length_on_every_width(ReductionKind kind)
    {
        for (var length = 1; length <= 257; length++)
        {
            var x = new RandomLayout(length).Operand(Backend, [length], false);
            var y = new RandomLayout(1).Operand(Backend, [1], false);
            Backend.Reduce(kind, x, y);
            var expected = Expected(kind, x, [1])[0];
            ((double)RandomLayout.Elements(y)[0])
                .Should().BeApproximately(expected, 1e-6 + 1.2e-7 * (Math.Abs(expected) + 2 * length));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Rows_and_columns_are_summed_right_on_every_width(int width)
    {
        for (var length = 1; length <= 70; length++)
        {
            var x = new RandomLayout(length).Operand(Backend, [33, length], false);
            SumOn(width, x, [33, 1]).Should().Equal(Expected(ReductionKind.Sum, x, [33, 1]), (a, b) => Math.Abs(a - b) < 1e-5);
            SumOn(width, x, [1, length]).Should().Equal(Expected(ReductionKind.Sum, x, [1, length]),
                (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_reductions_are_accurate_and_the_same_on_any_number_of_threads(ReductionKind kind)
    {
        foreach (var reduced in (int[][])[[1, 1], [3001, 1], [1, 301]])
        {
            float[] Result(int threads)
            {
                using var backend = new CpuBackend(threads);
                var x = new RandomLayout(5).Operand(backend, [3001, 301], false);
                foreach (ref var value in x.Data.AsHostSpan())
                    value += 3f;
                var y = new RandomLayout(6).Operand(backend, reduced, false);
                backend.Reduce(kind, x, y);
                var expected = Expected(kind, x, reduced);
                var actual = RandomLayout.Elements(y);
                for (var i = 0; i < actual.Length; i++)
                    ((double)actual[i]).Should().BeApproximately(expected[i], 2.5e-7 * Math.Abs(expected[i]));
                return actual;
            }

            var one = Result(1);
            Result(2).Should().Equal(one);
            Result(3).Should().Equal(one);
        }
    }

    [Fact]
    public void Empty_inputs_and_special_values()
    {
        static float Of(ReductionKind kind, params float[] values)
        {
            var x = new StridedSpan(new DeviceSpan<float>(Backend.Rent(values.Length * 4L), 0, values.Length),
                new Layout([values.Length], [1]));
            values.CopyTo(x.Data.AsHostSpan());
            var y = new RandomLayout(1).Operand(Backend, [1], false);
            Backend.Reduce(kind, x, y);
            return RandomLayout.Elements(y)[0];
        }

        Of(ReductionKind.Sum).Should().Be(0f);
        Of(ReductionKind.SumOfSquares).Should().Be(0f);
        Of(ReductionKind.Mean).Should().Be(float.NaN);
        Of(ReductionKind.LogSumExp).Should().Be(float.NegativeInfinity);
        FluentActions.Invoking(() => Of(ReductionKind.Max))
            .Should().Throw<ArgumentException>().WithMessage("*Max of no elements*");
        Of(ReductionKind.LogSumExp, float.NegativeInfinity, float.NegativeInfinity).Should().Be(float.NegativeInfinity);
        Of(ReductionKind.LogSumExp, 1f, float.PositiveInfinity).Should().Be(float.PositiveInfinity);
        Of(ReductionKind.LogSumExp, 1f, float.NaN).Should().Be(float.NaN);
        Of(ReductionKind.LogSumExp, 500f, 500f).Should().BeApproximately(500f + MathF.Log(2f), 1e-4f);
        Of(ReductionKind.LogSumExp, float.NegativeInfinity, 2f).Should().Be(2f);
        Of(ReductionKind.Max, 1f, float.NaN, 3f).Should().Be(float.NaN);
        Of(ReductionKind.Min, 1f, float.NaN, 3f).Should().Be(float.NaN);
        Of(ReductionKind.Min, 1f, -4f, float.PositiveInfinity).Should().Be(-4f);
        Of(ReductionKind.Max, float.NegativeInfinity).Should().Be(float.NegativeInfinity);
        Of(ReductionKind.Sum, 1f, float.PositiveInfinity, 2f).Should().Be(float.PositiveInfinity);
        Of(ReductionKind.Sum, float.PositiveInfinity, float.NegativeInfinity).Should().Be(float.NaN);
    }

    [Fact]
    public void Sizes_that_do_not_agree_are_named()
    {
        var (x, y) = (new RandomLayout(1).Operand(Backend, [2, 3], false), new RandomLayout(1).Operand(Backend, [2, 2], false));
        FluentActions.Invoking(() => Backend.Reduce(ReductionKind.Sum, x, y)).Should().Throw<ArgumentException>()
            .WithMessage("Sum: y should have the sizes of x, (2, 3), with 1 on the reduced axes; got (2, 2).");
    }

    private static unsafe double[] SumOn(int width, StridedSpan x, int[] reduced)
    {
        var plan = new ReducePlan(x.Layout, Layout.Contiguous(reduced));
        plan.Parts.Should().Be(1);
        var high = new float[plan.Kept.Count];
        var low = new float[plan.Kept.Count];
        fixed (float* h = high, l = low, from = x.Data.AsHostSpan())
        {
            for (var tile = 0; tile < plan.Tiles; tile++)
            {
                var kernel = new ReduceKernel<SumReducer> { Plan = plan, X = from, High = h, Low = l }.For(tile);
                LaneWidths.Run(width, ref kernel);
            }
        }

        return [.. high.Zip(low, (a, b) => (double)a + b)];
    }

    [Fact]
    public void The_largest_layouts_are_cut_into_parts_that_cover_them()
    {
        var plan = new ReducePlan(new Layout([int.MaxValue], [0]), new Layout([1], [1]));
        ((long)plan.Parts * plan.Part).Should().BeGreaterThanOrEqualTo(int.MaxValue);
        new ReducePlan(new Layout([int.MaxValue, 1], [0, 1]), new Layout([int.MaxValue, 1], [0, 1])).Tiles.Should().BePositive();
    }

    private static double[] Expected(ReductionKind kind, StridedSpan x, int[] reduced)
    {
        var groups = new List<double>[reduced.Aggregate(1, (a, b) => a * b)];
        var into = Layout.Contiguous(reduced);
        var strides = reduced.Select((s, i) => s == 1 ? 0 : into.Stride(i)).ToArray();
        var place = new Layout([.. Enumerable.Range(0, reduced.Length).Select(x.Layout.Size)], strides);
        var elements = RandomLayout.Elements(x);
        for (var i = 0; i < elements.Length; i++)
            (groups[RandomLayout.Offset(place, i)] ??= []).Add(elements[i]);
        return [.. groups.Select(g => Definition.Reduce(kind, g.ToArray()))];
    }
}
