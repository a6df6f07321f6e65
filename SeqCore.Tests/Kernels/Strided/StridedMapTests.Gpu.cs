using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Strided;

/// <summary>
/// Element-wise operations and copies over any layouts: results that are exact have the CPU's bits, and gaps are left alone.
/// </summary>
[Collection(GpuCollection.Name)]
public class StridedMapGpuTests
{
    private static readonly CpuBackend Maker = new(1);

    [Fact]
    public void Unary_copy_and_fill_agree_with_the_CPU_over_any_layouts() => ForAnyLayouts((pair, layouts, sizes) =>
    {
        var (x, y) = (Operand.Random(pair, layouts, sizes, true), Operand.Random(pair, layouts, sizes, false));
        pair.Run((b, of) => b.Unary(new NegateOperation(), x[of], y[of]));
        pair.ShouldAgree(y.Values, 0, 0);
        pair.Run((b, of) => b.Copy(x[of], y[of]));
        pair.ShouldAgree(y.Values, 0, 0);
        pair.Run((b, of) => b.Fill(y[of], 3f));
        pair.ShouldAgree(y.Values, 0, 0);
    });

    [Fact]
    public void Binary_and_its_gradient_agree_with_the_CPU_over_any_layouts() => ForAnyLayouts((pair, layouts, sizes) =>
    {
        var (x, y) = (Operand.Random(pair, layouts, sizes, true), Operand.Random(pair, layouts, sizes, true));
        var (z, dZ) = (Operand.Random(pair, layouts, sizes, false), Operand.Random(pair, layouts, sizes, true));
        pair.Run((b, of) => b.Binary(new MultiplyOperation(), x[of], y[of], z[of]));
        pair.ShouldAgree(z.Values, 0, 0);
        var (dX, dY) = (pair.Output(z.Layout.Count), pair.Output(z.Layout.Count));
        pair.Run((b, of) => b.BinaryGradient(new MultiplyOperation(), x[of], y[of], z[of], dZ[of], of[dX], of[dY]));
        pair.ShouldAgree(dX, 0, 0);
        pair.ShouldAgree(dY, 0, 0);
    });

    [Fact]
    public void Where_agrees_with_the_CPU_over_any_layouts() => ForAnyLayouts((pair, layouts, sizes) =>
    {
        var (m, x, z) = (Operand.Random(pair, layouts, sizes, true), Operand.Random(pair, layouts, sizes, true),
            Operand.Random(pair, layouts, sizes, true));
        var (mask, y) = (Operand.Random(pair, layouts, sizes, false), Operand.Random(pair, layouts, sizes, false));
        pair.Run((b, of) => b.Unary(new ReluOperation(), m[of], mask[of]));
        pair.Run((b, of) => b.Where(mask[of], x[of], z[of], y[of]));
        pair.ShouldAgree(y.Values, 0, 0);
    });

    [Fact]
    public void Every_length_is_computed_whole_at_every_alignment_and_in_place()
    {
        foreach (var length in (int[])[0, 1, 2, 3, 4, 5, 7, 8, 63, 255, 256, 257, 1023, 1025, 300_003])
        {
            foreach (var margin in (int[])[16, 17])
            {
                using var pair = new DevicePair(margin);
                float[] values = [.. Enumerable.Range(0, length).Select(i => (i * 37 % 1000) - 500f)];
                var (x, y) = (pair.Put(values), pair.Output(length));
                pair.Run((b, of) => b.Unary(new SquareOperation(), Flat(of[x]), Flat(of[y])));
                pair.ShouldAgree(y, 0, 0);
                pair.Run((b, of) => b.Unary(new SquareOperation(), Flat(of[x]), Flat(of[x])));
                pair.ShouldAgree(x, 0, 0);
                pair.Run((b, of) => b.Binary(new SubtractOperation(), Flat(of[x]), Flat(of[y]), Flat(of[y])));
                pair.Read(y).Should().AllBeEquivalentTo(0f);
            }
        }
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(7, 12)]
    [InlineData(33, 257)]
    [InlineData(3, 1024)]
    public void Rows_and_columns_are_broadcast(int rows, int columns)
    {
        using var pair = new DevicePair(16);
        int[] sizes = [rows, columns];
        var x = pair.Put([.. Enumerable.Range(0, rows * columns).Select(i => i * 0.5f)]);
        var (bias, scale, y) = (pair.Put([.. Enumerable.Range(0, columns).Select(i => i - 3f)]),
            pair.Put([.. Enumerable.Range(0, rows).Select(i => i - 2f)]), pair.Output(rows * columns));
        pair.Run((b, of) => b.Binary(new AddOperation(), Flat(of[x], sizes), new StridedSpan(of[bias], new Layout(sizes, [0, 1])),
            Flat(of[y], sizes)));
        pair.ShouldAgree(y, 0, 0);
        pair.Run((b, of) => b.Binary(new MultiplyOperation(), new StridedSpan(of[scale], new Layout(sizes, [1, 0])),
            Flat(of[y], sizes), Flat(of[y], sizes)));
        pair.ShouldAgree(y, 0, 0);
    }

    [Fact]
    public void Axes_that_do_not_merge_are_walked_up_to_the_eighth()
    {
        using var pair = new DevicePair();
        int[] sizes = [2, 3, 2, 2, 3, 2, 2, 3];
        var strides = new int[8];
        for (int axis = 7, stride = 2; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = stride * sizes[axis] + 1;
        }

        var reach = 1 + sizes.Zip(strides, (size, stride) => (size - 1) * stride).Sum();
        var (x, y) = (pair.Put([.. Enumerable.Range(0, reach).Select(i => i * 0.25f)]),
            pair.Output(Layout.Contiguous(sizes).Count));
        pair.Run((b, of) => b.Copy(new StridedSpan(of[x], new Layout(sizes, strides)),
            new StridedSpan(of[y], Layout.Contiguous(sizes))));
        pair.ShouldAgree(y, 0, 0);
    }

    [Fact]
    public void Division_by_a_divisor_is_exact()
    {
        var random = new Random(3);
        int[] numbers = [1, 2, 3, 5, 7, 31, 32, 33, 641, 1_000_003, (1 << 30) - 1, 1 << 30, (1 << 30) + 1,
            int.MaxValue - 1, int.MaxValue,
            .. Enumerable.Range(0, 200).Select(_ => random.Next(1, int.MaxValue) >> random.Next(31)).Where(n => n > 0)];
        foreach (var divisor in numbers)
        {
            var by = new GpuDivisor(divisor);
            foreach (var n in numbers)
            {
                by.Quotient(n).Should().Be(n / divisor);
                by.Quotient(n - 1).Should().Be((n - 1) / divisor);
            }
        }
    }

    [Fact]
    public void Wrong_arguments_have_the_CPUs_messages()
    {
        using var pair = new DevicePair();
        var (x, y) = (pair.Output(6), pair.Output(6));
        Same((b, of) => b.Unary(new NegateOperation(), Flat(of[x], [2, 3]), Flat(of[y], [3, 2])));
        Same((b, of) => b.Copy(new StridedSpan(of[x], new Layout([2, 3], [4, 1])), Flat(of[y], [2, 3])));
        Same((b, of) => b.Fill(new StridedSpan(of[x], new Layout([2, 3], [0, 1])), 1f));
        Same((b, of) => b.UnaryGradient(new NegateOperation(), of[x], of[x], of[x], of[y].Slice(0, 5)));
        Same((b, of) => b.Binary(new AddOperation(), Flat(of[x], [2, 3]), Flat(of[x], [6]), Flat(of[y], [2, 3])));
        Same((b, of) => b.BinaryGradient(new AddOperation(), Flat(of[x]), Flat(of[x]), Flat(of[x]), Flat(of[y]),
            of[y].Slice(0, 5), default));
        Same((b, of) => b.Where(Flat(of[x], [2, 3]), Flat(of[x]), Flat(of[x]), Flat(of[y])));

        void Same(Action<Backend, DevicePair.Finder> operation)
        {
            var messages = new List<string>();
            foreach (var onGpu in (bool[])[false, true])
            {
                var act = () => operation(onGpu ? pair.Gpu : x.OnCpu.Buffer!.Backend, new DevicePair.Finder(onGpu));
                messages.Add(act.Should().Throw<ArgumentException>().Which.Message);
            }

            messages[1].Should().Be(messages[0]);
        }
    }

    private static void ForAnyLayouts(Action<DevicePair, RandomLayout, int[]> check)
    {
        _ = TestGpu.Backend;
        Prop.ForAll<int>(seed =>
        {
            using var pair = new DevicePair(16 + (seed & 3));
            var layouts = new RandomLayout(seed);
            check(pair, layouts, layouts.Sizes());
        }).QuickCheckThrowOnFailure();
    }

    private static StridedSpan Flat(DeviceSpan<float> span, params int[] sizes) =>
        new(span, Layout.Contiguous(sizes.Length == 0 ? [span.Length] : sizes));

    private sealed record Operand(DevicePair.Operand Values, Layout Layout)
    {
        internal static Operand Random(DevicePair pair, RandomLayout layouts, int[] sizes, bool broadcasts)
        {
            var made = layouts.Operand(Maker, sizes, broadcasts);
            var operand = new Operand(pair.Put(made.Data.AsHostSpan().ToArray()), made.Layout);
            made.Data.Buffer!.Dispose();
            return operand;
        }

        internal StridedSpan this[DevicePair.Finder of] => new(of[Values], Layout);
    }
}
