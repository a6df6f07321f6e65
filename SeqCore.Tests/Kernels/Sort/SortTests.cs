using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Sort;

public class SortTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_are_sorted_and_equal_elements_keep_their_order(bool descending)
    {
        foreach (var columns in (int[])[.. AwkwardLengths, 1023, 1024, 3000])
        {
            // Rounded, so that many are equal.
            Check(Array.ConvertAll(Normal(3 * columns, columns), v => MathF.Round(v * 4) / 4), columns, descending);
            Check(Normal(3 * columns, columns, 1e20f), columns, descending);
        }

        Check(new float[2000], 1000, descending);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NaN_is_largest_and_zeros_are_equal(bool descending)
    {
        foreach (var columns in (int[])[9, 1500])
        {
            float[] awkward =
                [-0f, 0f, float.NaN, float.PositiveInfinity, -float.NaN, float.NegativeInfinity, 1e-40f, -1e-40f, 0f];
            Check([.. Enumerable.Range(0, columns).Select(i => awkward[i * 7 % awkward.Length])], columns, descending);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Integers_are_sorted_over_their_whole_range(bool descending)
    {
        foreach (var columns in (int[])[1, 7, 100, 1025])
        {
            var random = new Random(columns);
            int[] x = [.. Enumerable.Range(0, 2 * columns).Select(i => i % 3 == 0 ? random.Next(-3, 3) : random.Next() << i)];
            (x[0], x[^1]) = (int.MinValue, int.MaxValue);
            using var arena = new Arena();
            DeviceSpan<int> values = arena.PutIndices(new int[x.Length]), indices = arena.PutIndices(new int[x.Length]);
            arena.Backend.Sort(arena.PutIndices(x), values, indices, 2, columns, descending);
            int[] expected =
                [.. x.Chunk(columns).SelectMany(row => Definition.Sort([.. row.Select(v => (double)v)], descending))];
            indices.AsHostSpan().ToArray().Should().Equal(expected);
            values.AsHostSpan().ToArray().Should().Equal(expected.Select((at, i) => x[i / columns * columns + at]));
        }
    }

    [Fact]
    public void Threads_change_nothing_and_values_may_be_left_out()
    {
        const int Rows = 40, Columns = 2000;
        var x = Normal(Rows * Columns, 9);
        var expected = x.Chunk(Columns).SelectMany(row => Enumerable.Range(0, Columns).OrderBy(i => row[i])).ToArray();
        foreach (var threads in (int[])[1, 3])
        {
            using var arena = new Arena(threads);
            var indices = arena.PutIndices(new int[Rows * Columns]);
            arena.Backend.Sort(arena.Put(x), default, indices, Rows, Columns);
            indices.AsHostSpan().ToArray().Should().Equal(expected);
        }
    }

    [Fact]
    public void Short_operands_are_refused_and_nothing_is_sorted_to_nothing()
    {
        using var arena = new Arena();
        DeviceSpan<float> two = arena.Put(2f, 1f), three = arena.Put(3f, 2f, 1f);
        DeviceSpan<int> indices = arena.PutIndices(0, 0, 0), few = arena.PutIndices(0, 0);
        arena.Backend.Sort(two, two, few, 0, 2);
        arena.Backend.Sort(two, two, few, 2, 0);
        FluentActions.Invoking(() => arena.Backend.Sort(three, two, indices, 1, 3)).Should().Throw<ArgumentException>()
            .WithMessage("Sort: values should hold (1, 3) = 3 elements; got 2.");
        FluentActions.Invoking(() => arena.Backend.Sort(three, default, few, 1, 3)).Should().Throw<ArgumentException>()
            .WithMessage("Sort: indices should hold (1, 3) = 3 elements; got 2.");
        FluentActions.Invoking(() => arena.Backend.Sort(two, default, indices, 1, 3)).Should().Throw<ArgumentException>();
    }

    private static void Check(float[] x, int columns, bool descending)
    {
        using var arena = new Arena(2);
        var values = arena.Output(x.Length);
        var indices = arena.PutIndices(new int[x.Length]);
        arena.Backend.Sort(arena.Put(x), values, indices, x.Length / columns, columns, descending);
        int[] expected = [.. x.Chunk(columns).SelectMany(row => Definition.Sort(ToDouble(row), descending))];
        indices.AsHostSpan().ToArray().Should().Equal(expected, $"{columns} columns");
        Bits(values).Should().Equal(expected.Select((at, i) => BitConverter.SingleToInt32Bits(x[i / columns * columns + at])));
    }
}
