using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Cumulative;

public class CumulativeTests
{
    public static TheoryData<bool, bool> Options => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(Options))]
    public void Agree_with_their_definitions(bool reverse, bool exclusive)
    {
        foreach (var columns in AwkwardLengths)
        {
            const int Rows = 3;
            using var arena = new Arena(2);
            float[] x = Normal(Rows * columns, columns), dY = Normal(Rows * columns, 1);
            x[columns / 2] = 0;
            x[^1] = x[^Math.Min(columns, 3)] = 0;
            DeviceSpan<float> from = arena.Put(x), gradient = arena.Put(dY), sums = arena.Output(x.Length),
                products = arena.Output(x.Length), dX = arena.Output(x.Length);
            arena.Backend.CumulativeSum(from, sums, Rows, columns, reverse, exclusive);
            arena.Backend.CumulativeProduct(from, products, Rows, columns, reverse, exclusive);
            arena.Backend.CumulativeProductGradient(from, gradient, dX, Rows, columns, reverse, exclusive);
            double[][] rows = [.. ToDouble(x).Chunk(columns)], gradients = [.. ToDouble(dY).Chunk(columns)];
            double[] Expected(bool multiplies) =>
                [.. rows.SelectMany(r => Definition.Cumulative(r, multiplies, reverse, exclusive))];
            ShouldBeNear(sums.AsHostSpan(), Expected(false), 1e-7, 1e-12, $"sums of {columns}");
            ShouldBeNear(products.AsHostSpan(), Expected(true), 1e-7, 1e-44, $"products of {columns}");
            ShouldBeNear(dX.AsHostSpan(),
                [.. rows.Zip(gradients, (r, g) => Definition.CumulativeProductGradient(r, g, reverse, exclusive))
                    .SelectMany(v => v)],
                1e-6, 1e-12, $"gradient of {columns}");
        }
    }

    [Theory, MemberData(nameof(Options))]
    public void Products_may_leave_the_range_of_numbers_on_the_way(bool reverse, bool exclusive)
    {
        // The numbers in the order in which they are multiplied: up to 2^1200, or 2^-1200, and back; and a 0 behind 2^1200.
        float[] up = [.. Enumerable.Repeat(4f, 600)], down = [.. Enumerable.Repeat(0.25f, 600)];
        float[] Products(params float[] x)
        {
            using var arena = new Arena();
            var y = arena.Output(x.Length);
            arena.Backend.CumulativeProduct(arena.Put(reverse ? [.. x.Reverse()] : x), y, 1, x.Length, reverse, exclusive);
            var found = y.AsHostSpan().ToArray();
            return reverse ? [.. found.Reverse()] : found;
        }

        Products([.. up, .. down, 3f, 1f])[^1].Should().Be(3f);
        Products([.. down, .. up, 3f, 1f])[^1].Should().Be(3f);
        Products([.. up, 0f, 1f])[^1].Should().Be(0f);
        Products([.. up, 1f])[^1].Should().Be(float.PositiveInfinity);
        Products([.. down, 1f])[^1].Should().Be(0f);
    }

    [Theory]
    [InlineData(4f, 256)]
    [InlineData(4f, 1200)]
    [InlineData(0.25f, 1200)]
    [InlineData(1e20f, 3)]
    public void The_gradient_is_0_where_none_comes_from_products_out_of_range(float factor, int columns)
    {
        using var arena = new Arena();
        float[] x = [.. Enumerable.Repeat(factor, columns)], dY = new float[columns];
        dY[0] = 1;
        foreach (var reverse in (bool[])[false, true])
        {
            var dX = arena.Output(columns);
            arena.Backend.CumulativeProductGradient(arena.Put(x), arena.Put(reverse ? [.. dY.Reverse()] : dY), dX, 1, columns,
                reverse);
            dX.AsHostSpan().ToArray().Should().Equal(reverse ? dY.Reverse() : dY);
        }
    }

    [Fact]
    public void The_gradient_may_be_a_product_of_numbers_out_of_range()
    {
        // dX_k = p_k s_k: 2^1200 of the elements before times 2^-1200 of those behind.
        using var arena = new Arena();
        float[] x = [.. Enumerable.Repeat(4f, 600), 1f, .. Enumerable.Repeat(0.25f, 600)], dY = new float[1201];
        dY[^1] = 1;
        var dX = arena.Output(1201);
        arena.Backend.CumulativeProductGradient(arena.Put(x), arena.Put(dY), dX, 1, 1201);
        dX.AsHostSpan().ToArray().Should().Equal(x.Select(v => 1 / v));
    }

    [Theory, MemberData(nameof(Options))]
    public void The_definition_of_the_gradient_matches_differences(bool reverse, bool exclusive)
    {
        double[] x = [0.5, -1.5, 0, 2, -0.7, 0, 1.1], dY = [1, -2, 0.5, 3, -1, 0.7, 2];
        var differences = Differences(x,
            at => Definition.Cumulative(at, true, reverse, exclusive).Zip(dY, (y, d) => y * d).Sum());
        Definition.CumulativeProductGradient(x, dY, reverse, exclusive).Zip(differences)
            .Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-8);
    }

    [Fact]
    public void Long_sums_are_exact_to_the_last_bit_and_threads_change_none()
    {
        var x = Normal(4 * 100_000, 1);
        var expected = x.Chunk(100_000).SelectMany(r => Sums(ToDouble(r))).ToArray();
        foreach (var threads in (int[])[1, 3])
        {
            using var arena = new Arena(threads);
            var y = arena.Put(x);
            arena.Backend.CumulativeSum(y, y, 4, 100_000);
            y.AsHostSpan().ToArray().Should().Equal(expected);
        }

        static IEnumerable<float> Sums(double[] row)
        {
            var sum = 0.0;
            foreach (var value in row)
                yield return (float)(sum += value);
        }
    }

    [Fact]
    public void Infinity_and_NaN_reach_what_comes_after_them_and_a_short_result_is_refused()
    {
        using var arena = new Arena();
        const float Inf = float.PositiveInfinity;
        DeviceSpan<float> x = arena.Put(1f, Inf, 2f, -Inf, 3f), y = arena.Output(5);
        arena.Backend.CumulativeSum(x, y, 1, 5);
        y.AsHostSpan().ToArray().Should().Equal(1f, Inf, Inf, float.NaN, float.NaN);
        arena.Backend.CumulativeProduct(x, y, 1, 5);
        y.AsHostSpan().ToArray().Should().Equal(1f, Inf, Inf, -Inf, -Inf);
        arena.Backend.CumulativeSum(x, y, 1, 5, exclusive: true);
        y.AsHostSpan().ToArray().Should().Equal(0f, 1f, Inf, Inf, float.NaN);
        FluentActions.Invoking(() => arena.Backend.CumulativeSum(x, y, 2, 3)).Should().Throw<ArgumentException>()
            .WithMessage("CumulativeSum: x should hold (2, 3) = 6 elements; got 5.");
        FluentActions.Invoking(() => arena.Backend.CumulativeProduct(x, y, 3, 2)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => arena.Backend.CumulativeProductGradient(x, y, y, 3, 2)).Should().Throw<ArgumentException>();
        arena.Backend.CumulativeSum(x, y, 0, 5);
        arena.Backend.CumulativeProductGradient(x, x, y, 5, 0);
    }
}
