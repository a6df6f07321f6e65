using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Kernels.Reduction;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Strided;

namespace SeqCore.Tests.Kernels.Reduction;

[Collection(GpuCollection.Name)]
public class ReductionGpuTests
{
    private static readonly CpuBackend Maker = new(1);

    /// <summary>Products of many elements leave the range of floats; they have tests of their own.</summary>
    public static TheoryData<ReductionKind> Kinds =>
        new(Enum.GetValues<ReductionKind>().Where(k => k != ReductionKind.Product));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Agrees_with_the_CPU_over_any_layouts_and_axes(ReductionKind kind)
    {
        _ = TestGpu.Backend;
        Prop.ForAll<int>(seed =>
        {
            using var pair = new DevicePair(16 + (seed & 3));
            var layouts = new RandomLayout(seed);
            var sizes = layouts.Sizes();
            var reduced = sizes.Select(s => new Random(seed ^ s).Next(2) == 0 ? 1 : s).ToArray();
            StridedSpan x = layouts.Operand(Maker, sizes, true), y = layouts.Operand(Maker, reduced, false);
            var (from, to) = (pair.Put(x.Data.AsHostSpan().ToArray()), pair.Put(y.Data.AsHostSpan().ToArray()));
            pair.Run((b, of) => b.Reduce(kind, new StridedSpan(of[from], x.Layout), new StridedSpan(of[to], y.Layout)));

            // Elements are below 2 in magnitude, below 4 squared: each device's blocks of some terms are rounded, where most
            // of them may cancel.
            var elements = kind == ReductionKind.Mean ? 1 : (double)x.Layout.Count / Math.Max(1, y.Layout.Count);
            pair.ShouldAgree(to, 2.4e-7, kind is ReductionKind.Max or ReductionKind.Min ? 0 : 1e-6 + 4.8e-7 * elements,
                $"{kind} of ({string.Join(",", sizes)}) to ({string.Join(",", reduced)})");
            x.Data.Buffer!.Dispose();
            y.Data.Buffer!.Dispose();
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_columns_and_all_agree_with_the_CPU(ReductionKind kind)
    {
        foreach (var (rows, columns) in ((int, int)[])[(1, 1), (1, 31), (3, 33), (70, 5), (5, 70), (9, 1025), (1025, 9),
            (1, 20001), (20001, 1), (40, 1500), (1500, 40)])
        {
            using var pair = new DevicePair();
            var x = pair.Put(Numbers(rows * columns));
            foreach (var reduced in (int[][])[[rows, 1], [1, columns], [1, 1]])
            {
                var y = pair.Output(reduced[0] * reduced[1]);
                pair.Run((b, of) => b.Reduce(kind, Flat(of[x], rows, columns), Flat(of[y], reduced)));

                // All are positive, so nothing cancels.
                pair.ShouldAgree(y, 2.5e-7, 0, $"{kind} of ({rows}, {columns}) to ({string.Join(", ", reduced)})");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Long_reductions_are_accurate_and_repeat_their_bits(ReductionKind kind)
    {
        const int Length = 400_001;
        using var pair = new DevicePair();
        var values = Numbers(Length);
        var (x, y, again) = (pair.Put(values), pair.Output(1), pair.Output(1));
        pair.Gpu.Reduce(kind, Flat(x.OnGpu), Flat(y.OnGpu));
        pair.Gpu.Reduce(kind, Flat(x.OnGpu), Flat(again.OnGpu));
        var expected = kind switch
        {
            ReductionKind.Sum => values.Sum(v => (double)v),
            ReductionKind.Mean => values.Average(v => (double)v),
            ReductionKind.Max => values.Max(),
            ReductionKind.Min => values.Min(),
            ReductionKind.LogSumExp => Math.Log(values.Sum(v => Math.Exp(v))),
            _ => values.Sum(v => (double)v * v),
        };
        ((double)pair.Read(y)[0]).Should().BeApproximately(expected, 2.5e-7 * expected);
        pair.Read(again).Should().Equal(pair.Read(y));
    }

    [Fact]
    public void Empty_inputs_and_special_values_agree_with_the_CPU()
    {
        float inf = float.PositiveInfinity, nan = float.NaN;
        foreach (var values in (float[][])[[], [-0f], [0f, -0f], [-0f, 0f], [-inf, -inf], [1f, inf, 2f], [inf, -inf],
            [1f, nan, 3f], [nan, 1f], [1f, nan], [500f, 500f], [-inf, 2f], [1e-40f, 2e-40f], [3e38f, 3e38f]])
        {
            foreach (var kind in Enum.GetValues<ReductionKind>())
            {
                if (values.Length == 0 && kind is ReductionKind.Max or ReductionKind.Min)
                    continue;

                // Alone, across, and at the end of a row that a whole group reduces.
                foreach (var (length, columns) in ((int, int)[])[(values.Length, 1), (values.Length, 3),
                    (values.Length == 0 ? 0 : 5000, 1)])
                {
                    using var pair = new DevicePair();
                    float[] row = [.. Enumerable.Repeat(values.Length == 0 ? 0f : values[0], Math.Max(0, length - values.Length)),
                        .. values.Take(length)];
                    var (x, y) = (pair.Put([.. row.SelectMany(v => Enumerable.Repeat(v, columns))]), pair.Output(columns));
                    pair.Run((b, of) => b.Reduce(kind, Flat(of[x], row.Length, columns), Flat(of[y], 1, columns)));
                    pair.ShouldAgree(y, 2.5e-7, 0, $"{kind} of {string.Join(", ", values)}");
                    if (kind is ReductionKind.Max or ReductionKind.Min)
                    {
                        pair.Read(y).Select(v => 1 / v)
                            .Should().Equal(y.OnCpu.AsHostSpan().ToArray().Select(v => 1 / v), "zeros have the same sign");
                    }
                }
            }
        }
    }

    [Fact]
    public void Wrong_arguments_have_the_CPUs_messages()
    {
        using var pair = new DevicePair();
        var (x, y, nothing) = (pair.Output(6), pair.Output(4), pair.Output(0));
        FluentActions.Invoking(() => pair.Gpu.Reduce(ReductionKind.Sum, Flat(x.OnGpu, 2, 3), Flat(y.OnGpu, 2, 2)))
            .Should().Throw<ArgumentException>()
            .WithMessage("Sum: y should have the sizes of x, (2, 3), with 1 on the reduced axes; got (2, 2).");
        FluentActions.Invoking(() => pair.Gpu.Reduce(ReductionKind.Max, Flat(nothing.OnGpu, 0), Flat(y.OnGpu.Slice(0, 1), 1)))
            .Should().Throw<ArgumentException>().WithMessage("*Max of no elements*");
        FluentActions.Invoking(() => pair.Gpu.Reduce((ReductionKind)99, Flat(x.OnGpu, 6), Flat(y.OnGpu.Slice(0, 1), 1)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*no such kind*");
    }

    [Fact]
    public void Nothing_goes_to_local_memory()
    {
        PtxCompiler.Ptx<ReduceGpuKernel<GpuTotal<SumReducer>, ElementsOnAxes>>().Should().NotContain(".local")
            .And.Contain("bar.sync");
        PtxCompiler.Ptx<ReduceGpuKernel<GpuTotal<SumOfExponentialsReducer>, ElementsInLine>>().Should().NotContain(".local");
        PtxCompiler.Ptx<ArgMaxGpuKernel>().Should().NotContain(".local");
    }

    private static float[] Numbers(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => 1f + 4f * random.NextSingle())];
    }

    private static StridedSpan Flat(DeviceSpan<float> span, params int[] sizes) =>
        new(span, Layout.Contiguous(sizes.Length == 0 ? [span.Length] : sizes));
}
