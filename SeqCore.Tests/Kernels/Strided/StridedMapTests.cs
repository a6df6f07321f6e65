using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;
using SeqCore.Tests.Kernels.Simd;

namespace SeqCore.Tests.Kernels.Strided;

public class StridedMapTests
{
    private static readonly CpuBackend Backend = new(2);

    [Fact]
    public void Binary_agrees_with_its_definition_over_any_layouts() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var (x, y, z) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, sizes, true),
            layouts.Operand(Backend, sizes, false));
        Backend.Binary(new SubtractOperation(), x, y, z);
        RandomLayout.Elements(z).Should().Equal(RandomLayout.Elements(x).Zip(RandomLayout.Elements(y), (a, b) => a - b));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Unary_and_copy_agree_with_their_definition_over_any_layouts() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var (x, y) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, sizes, false));
        Backend.Unary(new NegateOperation(), x, y);
        RandomLayout.Elements(y).Should().Equal(RandomLayout.Elements(x).Select(v => -v));
        Backend.Copy(x, y);
        RandomLayout.Elements(y).Should().Equal(RandomLayout.Elements(x));
        Backend.Fill(y, 3f);
        RandomLayout.Elements(y).Should().AllBeEquivalentTo(3f);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_result_with_gaps_leaves_the_gaps_alone() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var (x, y) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, sizes, false));
        var before = y.Data.AsHostSpan().ToArray();
        Backend.Unary(new NegateOperation(), x, y);
        var written = Enumerable.Range(0, y.Layout.Count).Select(i => RandomLayout.Offset(y.Layout, i)).ToHashSet();
        var after = y.Data.AsHostSpan().ToArray();
        Enumerable.Range(0, after.Length).All(i => written.Contains(i) || after[i].Equals(before[i])).Should().BeTrue();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Where_agrees_with_its_definition_over_any_layouts() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var (mask, x, z) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, sizes, true),
            layouts.Operand(Backend, sizes, true));
        var y = layouts.Operand(Backend, sizes, false);
        foreach (ref var m in mask.Data.AsHostSpan())
            m = m < 0 ? 0f : m;
        Backend.Where(mask, x, z, y);
        var (m0, x0, z0) = (RandomLayout.Elements(mask), RandomLayout.Elements(x), RandomLayout.Elements(z));
        RandomLayout.Elements(y).Should().Equal(m0.Select((m, i) => m != 0 ? x0[i] : z0[i]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Binary_gradient_agrees_with_its_definition_over_any_layouts() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var (x, y, z) = (layouts.Operand(Backend, sizes, true), layouts.Operand(Backend, sizes, true),
            layouts.Operand(Backend, sizes, false));
        var dZ = layouts.Operand(Backend, sizes, true);
        Backend.Binary(new MultiplyOperation(), x, y, z);
        var dX = new DeviceSpan<float>(Backend.Rent(z.Layout.Count * 4L), 0, z.Layout.Count);
        var dY = new DeviceSpan<float>(Backend.Rent(z.Layout.Count * 4L), 0, z.Layout.Count);
        Backend.BinaryGradient(new MultiplyOperation(), x, y, z, dZ, dX, default);
        Backend.BinaryGradient(new MultiplyOperation(), x, y, z, dZ, default, dY);
        var expectedX = RandomLayout.Elements(dZ).Zip(RandomLayout.Elements(y), (d, v) => d * v).ToArray();
        var expectedY = RandomLayout.Elements(dZ).Zip(RandomLayout.Elements(x), (d, v) => d * v).ToArray();
        dX.AsHostSpan().ToArray().Should().Equal(expectedX);
        dY.AsHostSpan().ToArray().Should().Equal(expectedY);
        dX.AsHostSpan().Clear();
        dY.AsHostSpan().Clear();
        Backend.BinaryGradient(new MultiplyOperation(), x, y, z, dZ, dX, dY);
        dX.AsHostSpan().ToArray().Should().Equal(expectedX);
        dY.AsHostSpan().ToArray().Should().Equal(expectedY);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_length_is_computed_whole_and_nothing_behind_it_is_written()
    {
        for (var length = 0; length <= 257; length++)
        {
            foreach (var width in (int[])[1, 4, 8, 16])
            {
                var x = Enumerable.Range(0, length).Select(i => i - 100f).ToArray();
                LaneWidths.Apply(width, new SquareOperation(), x).Should().Equal(x.Select(v => v * v));
            }

            var buffer = Backend.Rent((length + 20) * 4L);
            var all = new DeviceSpan<float>(buffer, 0, length + 20);
            all.AsHostSpan().Fill(7f);
            var part = new StridedSpan(all.Slice(3, length), new Layout([length], [1]));
            Backend.Unary(new NegateOperation(), part, part);
            all.AsHostSpan().ToArray()
                .Should().Equal(Enumerable.Range(0, length + 20).Select(i => i >= 3 && i < length + 3 ? -7f : 7f));
            buffer.Dispose();
        }
    }

    [Fact]
    public void Large_operands_give_the_same_bits_on_any_number_of_threads()
    {
        float[] Result(int threads)
        {
            using var backend = new CpuBackend(threads);
            var x = Filled(backend, [311, 1, 517]);
            var bias = new StridedSpan(Filled(backend, [517]).Data, new Layout([311, 3, 517], [0, 0, 1]));
            var y = Filled(backend, [311, 3, 517]);
            backend.Binary(new AddOperation(), new StridedSpan(x.Data, new Layout([311, 3, 517], [517, 0, 1])), bias, y);
            backend.Unary(new GeluTanhOperation(), y, y);
            var transposed = Filled(backend, [517, 3, 311]);
            backend.Copy(new StridedSpan(y.Data, new Layout([517, 3, 311], [1, 517, 3 * 517])), transposed);
            return transposed.Data.AsHostSpan().ToArray();
        }

        var one = Result(1);
        Result(2).Should().Equal(one);
        Result(3).Should().Equal(one);
        for (var i = 0; i < 517; i += 37)
        {
            Oracle.RelativeError(one[i * 3 * 311 + 5],
                Oracle.GeluTanh((float)((5 * 517 + i) % 1009 * 0.01f - 5f + (i % 1009 * 0.01f - 5f)))).Should().BeLessThan(1e-6);
        }
    }

    [Fact]
    public void Gradients_are_written_or_added()
    {
        var x = Filled(Backend, [1000]);
        var (y, dY, dX) = (Filled(Backend, [1000]), Filled(Backend, [1000]), Filled(Backend, [1000]));
        Backend.Unary(new TanhOperation(), x, y);
        Backend.UnaryGradient(new TanhOperation(), x.Data, y.Data, dY.Data, dX.Data);
        var once = dX.Data.AsHostSpan().ToArray();
        for (var i = 0; i < once.Length; i++)
        {
            once[i].Should().BeApproximately(
                (float)(dY.Data.AsHostSpan()[i] * (1 - Math.Pow(Math.Tanh(x.Data.AsHostSpan()[i]), 2))), 2e-6f);
        }

        Backend.UnaryGradient(new TanhOperation(), x.Data, y.Data, dY.Data, dX.Data, accumulate: true);
        for (var i = 0; i < once.Length; i++)
            dX.Data.AsHostSpan()[i].Should().BeApproximately(2 * once[i], 1e-6f);
    }

    [Fact]
    public void Wrong_operands_are_named()
    {
        var (x, y) = (Filled(Backend, [2, 3]), Filled(Backend, [3, 2]));
        FluentActions.Invoking(() => Backend.Unary(new NegateOperation(), x, y))
            .Should().Throw<ArgumentException>().WithMessage("Unary: x should have the sizes of y, (3, 2); got (2, 3).");
        var beyond = new StridedSpan(x.Data, new Layout([2, 3], [4, 1]));
        FluentActions.Invoking(() => Backend.Copy(beyond, x))
            .Should().Throw<ArgumentException>().WithMessage("*source*reaches element 6*which has 6*");
        var broadcast = new StridedSpan(x.Data, new Layout([2, 3], [0, 1]));
        FluentActions.Invoking(() => Backend.Fill(broadcast, 1f))
            .Should().Throw<ArgumentException>().WithMessage("*destination*broadcast*axis 0*");
        FluentActions.Invoking(() => Backend.UnaryGradient(new NegateOperation(), x.Data, x.Data, x.Data, x.Data.Slice(0, 5)))
            .Should().Throw<ArgumentException>().WithMessage("*dX should have 6 elements; got 5*");
    }

    private static StridedSpan Filled(CpuBackend backend, int[] sizes)
    {
        var layout = Layout.Contiguous(sizes);
        var data = new DeviceSpan<float>(backend.Rent(layout.Count * 4L), 0, layout.Count);
        for (var i = 0; i < data.Length; i++)
            data.AsHostSpan()[i] = i % 1009 * 0.01f - 5f;
        return new StridedSpan(data, layout);
    }
}
