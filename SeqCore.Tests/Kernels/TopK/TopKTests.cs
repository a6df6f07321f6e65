using SeqCore.Kernels;
using SeqCore.Kernels.TopK;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.TopK;

public unsafe class TopKTests
{
    public static TheoryData<int> AllWidths => new(Widths);

    [Theory, MemberData(nameof(AllWidths))]
    public void Largest_come_first_and_the_lower_index_among_equals(int width)
    {
        const int Rows = 3;
        foreach (var columns in (int[])[.. AwkwardLengths, 1000])
        {
            // Rounded, so that many are equal.
            var x = Array.ConvertAll(Normal(Rows * columns, columns), v => MathF.Round(v * 4) / 4);
            foreach (var k in ((int[])[1, 2, columns / 9, columns / 2, columns]).Where(k => k > 0 && k <= columns).Distinct())
                Check(x, Rows, columns, k, width);
        }
    }

    [Theory, MemberData(nameof(AllWidths))]
    public void NaN_is_largest_and_zeros_are_equal(int width)
    {
        var x = new float[200];
        Array.Fill(x, -1f);
        x[3] = -0f;
        x[4] = 0f;
        x[100] = float.NaN;
        x[150] = float.PositiveInfinity;
        x[170] = -float.NaN;
        x[180] = float.NegativeInfinity;
        foreach (var k in (int[])[1, 2, 3, 5, 200])
            Check(x, 1, 200, k, width);
    }

    [Fact]
    public void Threads_do_not_change_the_choice()
    {
        const int Rows = 50, Columns = 5000, K = 40;
        var x = Normal(Rows * Columns, 9);
        foreach (var threads in (int[])[1, 3])
        {
            using var arena = new Arena(threads);
            var indices = arena.PutIndices(new int[Rows * K]);
            arena.Backend.TopK(arena.Put(x), arena.Output(Rows * K), indices, Rows, Columns, K);
            indices.AsHostSpan().ToArray()
                .Should().Equal(x.Chunk(Columns).SelectMany(row => Definition.TopK(ToDouble(row), K)));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void A_k_out_of_range_is_refused(int k)
    {
        using var arena = new Arena();
        var act = () => arena.Backend.TopK(arena.Put(1f, 2f, 3f), arena.Output(4), arena.PutIndices(0, 0, 0, 0), 1, 3, k);
        act.Should().Throw<ArgumentException>().WithMessage($"TopK: k should be in [0, 3], the number of columns; got {k}.*");
    }

    private static void Check(float[] x, int rows, int columns, int k, int width)
    {
        using var arena = new Arena(2);
        DeviceSpan<float> input = arena.Put(x), values = arena.Output(rows * k);
        var indices = arena.PutIndices(new int[rows * k]);
        if (width == 0)
            arena.Backend.TopK(input, values, indices, rows, columns, k);
        else
        {
            var scratch = new long[TopKKernel.ScratchLength(columns, k)];
            fixed (long* s = scratch)
                Run(width, new TopKKernel(input.Pointer(), values.Pointer(), indices.Pointer(), s, rows, columns, k));
        }

        int[] expected = [.. x.Chunk(columns).SelectMany(row => Definition.TopK(ToDouble(row), k))];
        indices.AsHostSpan().ToArray().Should().Equal(expected, $"{k} of {columns}");
        for (var i = 0; i < expected.Length; i++)
            values.AsHostSpan()[i].Should().Be(x[i / k * columns + expected[i]]);
    }
}
