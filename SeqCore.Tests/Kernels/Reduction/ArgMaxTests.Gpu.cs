using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Strided;

namespace SeqCore.Tests.Kernels.Reduction;

[Collection(GpuCollection.Name)]
public class ArgMaxGpuTests
{
    private static readonly CpuBackend Maker = new(1);

    [Fact]
    public void Finds_what_the_CPU_finds_over_any_layouts_and_axes()
    {
        _ = TestGpu.Backend;
        Prop.ForAll<int>(seed =>
        {
            var layouts = new RandomLayout(seed);
            var sizes = layouts.Sizes();
            if (sizes.Length == 0)
                return;
            var x = layouts.Operand(Maker, sizes, true);

            // Few different numbers, so that there are ties; sometimes a NaN or two.
            float[] values = [.. x.Data.AsHostSpan().ToArray().Select(v => MathF.Round(v * 2))];
            if (seed % 3 == 0)
                values[^1] = values[values.Length / 2] = float.NaN;
            var axis = (int)((uint)seed % sizes.Length);
            using var pair = new DevicePair();
            var from = pair.Put(values);
            var indices = pair.PutIndices([.. Enumerable.Repeat(-1, x.Layout.Count / sizes[axis])]);
            pair.Run((b, of) => b.ArgMax(new StridedSpan(of[from], x.Layout), axis, of[indices]));
            pair.ShouldAgree(indices);
            pair.Run((b, of) => b.ArgMax(new StridedSpan(of[from], x.Layout), axis, of[indices], last: true));
            pair.ShouldAgree(indices, "the last");
            x.Data.Buffer!.Dispose();
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(4, 70000)]
    [InlineData(2000, 33)]
    [InlineData(1, 1)]
    public void The_first_or_last_of_equals_and_of_NaNs_wins_in_long_rows(int rows, int columns)
    {
        using var pair = new DevicePair();
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = i * 7919L % 1009 == 5 ? 1f : i * 104729L % 10007 == 9 && i / columns % 2 == 1 ? float.NaN : -1f;
        var x = pair.Put(values);
        int[] sizes = [rows, columns];
        foreach (var axis in (int[])[0, 1])
        {
            var indices = pair.PutIndices([.. Enumerable.Repeat(-1, values.Length / sizes[axis])]);
            pair.Run((b, of) => b.ArgMax(new StridedSpan(of[x], Layout.Contiguous(sizes)), axis, of[indices]));
            pair.ShouldAgree(indices);
            pair.Run((b, of) => b.ArgMax(new StridedSpan(of[x], Layout.Contiguous(sizes)), axis, of[indices], last: true));
            pair.ShouldAgree(indices, "the last");
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var pair = new DevicePair();
        var (x, indices) = (pair.Output(6), pair.PutIndices(0, 0, 0));
        var span = new StridedSpan(x.OnGpu, Layout.Contiguous([2, 3]));
        FluentActions.Invoking(() => pair.Gpu.ArgMax(span, 2, indices.OnGpu))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*axes 0 to 1*");
        FluentActions.Invoking(() => pair.Gpu.ArgMax(span, 1, indices.OnGpu))
            .Should().Throw<ArgumentException>().WithMessage("*indices should have 2 elements; got 3*");
    }
}
