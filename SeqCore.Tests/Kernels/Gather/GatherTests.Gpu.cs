using SeqCore.Kernels;
using SeqCore.Kernels.Gather;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Gather;

/// <summary>
/// Gathered rows are the same bits; sums of n rows are in another order than the CPU's, and of n roundings
/// each is of a running sum of size sqrt(n), so that the differences grow up to 6e-8 n; a row left out or taken twice
/// makes one of size 1.
/// </summary>
[Collection(GpuCollection.Name)]
public class GatherGpuTests
{
    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Gathered_rows_are_equal(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 5000])
        {
            var table = pair.Put(Numbers.Normal(11 * columns, columns));
            var indices = pair.PutIndices([.. Enumerable.Range(0, 70).Select(i => i * 5 % 11)]);
            var output = pair.Output(70 * columns);
            pair.Run((backend, at) => backend.Gather(at[table], at[indices], at[output], 11, columns));
            pair.ShouldAgree(output, 0, 0, $"{columns} columns");
        }
    }

    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Cleared_rows_are_0_and_the_others_stay(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 5000])
        {
            var table = pair.Put(Numbers.Normal(11 * columns, columns));
            var indices = pair.PutIndices(7, 0, 10, 3);
            pair.Run((backend, at) => backend.ClearRows(at[table], at[indices], 11, columns));
            pair.ShouldAgree(table, 0, 0, $"{columns} columns");
        }
    }

    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Sums_agree_over_awkward_widths(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 5000])
            CheckScatter(pair, 7, columns, [.. Enumerable.Range(0, 100).Select(i => i * i % 7)]);
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(65, 5000)]
    [InlineData(255, 1000)]
    [InlineData(256, 1000)]
    [InlineData(257, 1000)]
    [InlineData(70_000, 3000)]
    [InlineData(20_000_000, 300)]
    public void Sums_agree_over_vocabularies(int rows, int count)
    {
        using var pair = new DevicePair();
        var random = new Random(rows);

        // Few words are frequent, most are rare; the last one is there.
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => (int)(Math.Pow(random.NextDouble(), 6) * rows))];
        indices[count / 2] = rows - 1;
        CheckScatter(pair, rows, 1, indices);
        if (rows < 1000)
            CheckScatter(pair, rows, 12, indices);
    }

    [Fact]
    public void One_index_that_fills_many_chunks_and_sorted_runs_agree()
    {
        using var pair = new DevicePair(16);
        CheckScatter(pair, 5, 8, [.. Enumerable.Repeat(3, 1000)]);
        CheckScatter(pair, 5, 8, [.. Enumerable.Range(0, 999).Select(i => i / 200)]);
        CheckScatter(pair, 100, 4, [.. Enumerable.Range(0, 1600).Select(i => i / 16)]);
        CheckScatter(pair, 4, 3, [.. Enumerable.Range(0, 40_000).Select(i => i & 3)]);
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        const int Rows = 65, Columns = 20, Count = 4000;
        using var pair = new DevicePair();
        var source = pair.Put(Numbers.Normal(Count * Columns, 1));
        var random = new Random(2);
        var indices = pair.PutIndices([.. Enumerable.Range(0, Count).Select(_ => random.Next(Rows) * random.Next(2))]);
        var results = new List<float[]>();
        for (var run = 0; run < 2; run++)
        {
            var table = pair.Put(new float[Rows * Columns]);
            pair.Gpu.ScatterAdd(source.OnGpu, indices.OnGpu, table.OnGpu, Rows, Columns);
            results.Add(pair.Read(table));
        }

        results[1].Should().Equal(results[0]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void An_index_out_of_range_is_named_when_a_value_is_read_and_the_others_are_served(int bad)
    {
        using var pair = new DevicePair();
        DevicePair.Operand table = pair.Put(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f), output = pair.Output(6),
            sums = pair.Put(new float[8]),
            ones = pair.Put(1f, 1f, 1f, 1f, 1f, 1f);
        var indices = pair.PutIndices(0, bad, 3);
        var expected = $"the index at position 1 is {bad}; expected a row of the table, in [0, 4).";
        pair.Gpu.Gather(table.OnGpu, indices.OnGpu, output.OnGpu, 4, 2);
        var gather = () => pair.Read(output);
        gather.Should().Throw<ArgumentException>().WithMessage("Gather: " + expected);
        pair.Read(output).Should().Equal(0f, 1f, float.NaN, float.NaN, 6f, 7f);
        pair.Gpu.ScatterAdd(ones.OnGpu, indices.OnGpu, sums.OnGpu, 4, 2);
        var scatter = () => pair.Read(sums);
        scatter.Should().Throw<ArgumentException>().WithMessage("ScatterAdd: " + expected);
        pair.Read(sums).Should().Equal(1f, 1f, 0f, 0f, 0f, 0f, 1f, 1f);
        pair.Gpu.ClearRows(table.OnGpu, indices.OnGpu, 4, 2);
        var clear = () => pair.Read(table);
        clear.Should().Throw<ArgumentException>().WithMessage("ClearRows: " + expected);
        pair.Read(table).Should().Equal(0f, 0f, 2f, 3f, 4f, 5f, 0f, 0f);
    }

    [Fact]
    public void No_indices_do_nothing_and_a_short_run_has_the_CPUs_message()
    {
        using var pair = new DevicePair();
        DevicePair.Operand table = pair.Put(1f, 2f), none = pair.Put();
        DevicePair.Indices indices = pair.PutIndices(), two = pair.PutIndices(0, 0);
        pair.Gpu.Gather(table.OnGpu, indices.OnGpu, none.OnGpu, 1, 2);
        pair.Gpu.ScatterAdd(none.OnGpu, indices.OnGpu, table.OnGpu, 1, 2);
        pair.Gpu.ClearRows(table.OnGpu, indices.OnGpu, 1, 2);
        pair.Read(table).Should().Equal(1f, 2f);
        var messages = new List<string>();
        pair.Run((backend, at) =>
        {
            messages.Add(Assert.Throws<ArgumentException>(() => backend.Gather(at[table], at[two], at[table], 1, 2)).Message);
            messages.Add(Assert.Throws<ArgumentException>(() => backend.ScatterAdd(at[table], at[two], at[table], 1, 2)).Message);
        });
        messages[2..].Should().Equal(messages[..2]);
    }

    [Fact]
    public void Kernels_load_vectors_and_keep_sums_in_registers()
    {
        foreach (var kernel in (Type[])[typeof(Float4Kernel<GatherGpuKernel, AlignedFloat4>),
            typeof(Float4Kernel<ScatterAddGpuKernel, AlignedFloat4>), typeof(Float4Kernel<ScatterTotalsKernel, AlignedFloat4>)])
            PtxCompiler.Ptx(kernel).Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.NotContain(".local");
        foreach (var kernel in (Type[])[typeof(DigitCountsKernel), typeof(DigitScatterKernel),
            typeof(Float4Kernel<ScatterAddGpuKernel, AlignedFloat4>)])
            PtxCompiler.Ptx(kernel).Should().NotContain("add.f32.atom").And.NotMatchRegex(@"(atom|red)\S*\.f32");
    }

    private static void CheckScatter(DevicePair pair, int rows, int columns, int[] values)
    {
        DevicePair.Operand source = pair.Put(Numbers.Normal(values.Length * columns, columns)),
            table = pair.Put(Numbers.Normal(rows * columns, 2));
        var indices = pair.PutIndices(values);
        pair.Run((backend, at) => backend.ScatterAdd(at[source], at[indices], at[table], rows, columns));
        pair.ShouldAgree(table, 1e-6, 1e-7 * values.Length, $"({rows}, {columns}), {values.Length} indices");
    }
}
