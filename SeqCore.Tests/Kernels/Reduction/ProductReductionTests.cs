using FsCheck;
using FsCheck.Fluent;
using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Strided;

namespace SeqCore.Tests.Kernels.Reduction;

public class ProductReductionTests
{
    private static readonly CpuBackend Backend = new(2);

    [Fact]
    public void Agrees_with_its_definition_over_any_layouts_and_axes() => Prop.ForAll<int>(seed =>
    {
        var layouts = new RandomLayout(seed);
        var sizes = layouts.Sizes();
        var reduced = sizes.Select(s => new Random(seed ^ s).Next(2) == 0 ? 1 : s).ToArray();
        var (x, y) = (layouts.Operand(Backend, sizes, false), layouts.Operand(Backend, reduced, false));

        // Near 1, so that the products stay within the range of floats.
        foreach (ref var value in x.Data.AsHostSpan())
            value = MathF.CopySign(1f + ((MathF.Abs(value) - 1f) / 16f), value);
        Backend.Reduce(ReductionKind.Product, x, y);
        ShouldBeNear(RandomLayout.Elements(y), x, reduced);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_and_columns_of_any_length_are_multiplied_right()
    {
        for (var length = 1; length <= 70; length++)
        {
            var x = new RandomLayout(length).Operand(Backend, [33, length], false);
            foreach (var reduced in (int[][])[[33, 1], [1, length]])
            {
                var y = new RandomLayout(length).Operand(Backend, reduced, false);
                Backend.Reduce(ReductionKind.Product, x, y);
                ShouldBeNear(RandomLayout.Elements(y), x, reduced);
            }
        }
    }

    [Fact]
    public void Long_products_are_accurate_and_the_same_on_any_number_of_threads()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 300_001).Select(_ => 1f + (random.NextSingle() - 0.5f) / 100)];
        var expected = values.Aggregate(1.0, (a, b) => a * b);
        var results = new List<float>();
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var backend = new CpuBackend(threads);
            var x = new StridedSpan(new DeviceSpan<float>(backend.Rent(values.Length * 4L), 0, values.Length),
                new Layout([values.Length], [1]));
            values.CopyTo(x.Data.AsHostSpan());
            var y = new StridedSpan(new DeviceSpan<float>(backend.Rent(4), 0, 1), new Layout([1], [1]));
            backend.Reduce(ReductionKind.Product, x, y);
            results.Add(y.Data.AsHostSpan()[0]);
            x.Data.Buffer!.Dispose();
            y.Data.Buffer!.Dispose();
        }

        // Roundings are a random walk of 300,000 steps of 2^-25 or so.
        ((double)results[0]).Should().BeApproximately(expected, 1e-4 * expected);
        results.Should().OnlyContain(r => r.Equals(results[0]));
    }

    [Fact]
    public void Empty_inputs_and_special_values()
    {
        static float Of(params float[] values)
        {
            using var x = Tensor.FromArray(values);
            return x.Product().Item();
        }

        Of().Should().Be(1f);
        Of(3f, 0f, 2f).Should().Be(0f);
        Of(1f, float.NaN, 0f).Should().Be(float.NaN);
        Of(-2f, float.PositiveInfinity).Should().Be(float.NegativeInfinity);
        Of(0f, float.PositiveInfinity).Should().Be(float.NaN);
        Of(3e38f, 3e38f).Should().Be(float.PositiveInfinity);
    }

    [Fact]
    public void A_product_may_leave_the_range_of_numbers_on_the_way()
    {
        foreach (var rows in (int[])[2, 40])
        {
            foreach (var length in (int[])[2, 16, 20, 64, 70, 3000, 200_000])
            {
                Of(rows, length, i => i == 0 ? 0f : 1e20f).Should().OnlyContain(v => v == 0f, $"({rows}, {length}), 0 first");
                Of(rows, length, i => i == length - 1 ? -0f : 1e20f).Should().OnlyContain(v => v == 0f, $"({rows}, {length})");
                Of(rows, length, i => i % 2 == 0 ? 1f / (1 << 30) : 1 << 30).Should().OnlyContain(v => v == 1f,
                    $"({rows}, {length}), in turn");
                Of(rows, length, i => i < length / 2 ? 1 << 30 : 1f / (1 << 30)).Should().OnlyContain(v => v == 1f,
                    $"({rows}, {length}), up and down");
                Of(rows, length, i => i < length / 2 ? 1f / (1 << 30) : 1 << 30).Should().OnlyContain(v => v == 1f,
                    $"({rows}, {length}), down and up");
            }
        }

        // Over the last axis and over the first.
        static float[] Of(int rows, int length, Func<int, float> factor)
        {
            using var x = Tensor.FromArray([.. Enumerable.Range(0, length).Select(factor)]).Reshape(1, length).BroadcastTo(
                new Shape(rows, length)).Contiguous();
            using var turned = x.Permute(1, 0).Contiguous();
            return [.. x.Product(1).ToArray(), .. turned.Product(0).ToArray()];
        }
    }

    private static void ShouldBeNear(float[] actual, StridedSpan x, int[] reduced)
    {
        var groups = new double[actual.Length];
        Array.Fill(groups, 1);
        var into = Layout.Contiguous(reduced);
        var strides = reduced.Select((s, i) => s == 1 ? 0 : into.Stride(i)).ToArray();
        var place = new Layout([.. Enumerable.Range(0, reduced.Length).Select(x.Layout.Size)], strides);
        var elements = RandomLayout.Elements(x);
        for (var i = 0; i < elements.Length; i++)
            groups[RandomLayout.Offset(place, i)] *= elements[i];

        // A rounding of 2^-24 for each factor; below 1e-38 floats lose digits.
        for (var i = 0; i < actual.Length; i++)
        {
            ((double)actual[i]).Should().BeApproximately(groups[i],
                1e-38 + (Math.Abs(groups[i]) * 6e-8 * (1 + (elements.Length / actual.Length))));
        }
    }
}
