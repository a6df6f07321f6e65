using SeqCore.Kernels;
using SeqCore.Kernels.Gather;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Gather;

public unsafe class GatherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(130)]
    public void Gather_copies_the_rows_named(int columns)
    {
        const int Rows = 11;
        using var arena = new Arena(2);
        var table = Normal(Rows * columns, 1);
        var indices = Enumerable.Range(0, 700).Select(i => i * 5 % Rows).ToArray();
        var output = arena.Output(indices.Length * columns);
        arena.Backend.Gather(arena.Put(table), arena.PutIndices(indices), output, Rows, columns);
        output.AsHostSpan().ToArray().Should().Equal(Definition.Gather(table, indices, columns));
    }

    [Fact]
    public void ScatterAdd_adds_repeated_rows_in_order_on_every_width()
    {
        const int Rows = 7;
        foreach (var columns in AwkwardLengths)
        {
            float[] source = Normal(50 * columns, columns), table = Normal(Rows * columns, 2);
            var indices = Enumerable.Range(0, 50).Select(i => i * i % Rows).ToArray();
            var expected = table.ToArray();
            Definition.ScatterAdd(source, indices, expected, columns);
            foreach (var width in Widths)
            {
                using var arena = new Arena(3);
                DeviceSpan<float> from = arena.Put(source), to = arena.Put(table);
                var at = arena.PutIndices(indices);
                if (width == 0)
                {
                    arena.Backend.ScatterAdd(from, at, to, Rows, columns);
                }
                else
                {
                    Run(width,
                        new ScatterAddKernel(from.Pointer(), at.Pointer(), to.Pointer(), indices.Length, columns, columns));
                }

                to.AsHostSpan().ToArray().Should().Equal(expected, $"width {width}, {columns} columns");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(130)]
    public void ClearRows_clears_the_rows_named_and_no_others(int columns)
    {
        const int Rows = 900;
        using var arena = new Arena(2);
        var values = Normal(Rows * columns, 1);
        int[] indices = [.. Enumerable.Range(0, 500).Select(i => i * 7 % Rows), 3, 3];
        var table = arena.Put(values);
        arena.Backend.ClearRows(table, arena.PutIndices(indices), Rows, columns);
        Definition.ClearRows(indices, values, columns);
        table.AsHostSpan().ToArray().Should().Equal(values);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void An_index_out_of_range_is_named_before_anything_is_written(int bad)
    {
        using var arena = new Arena();
        DeviceSpan<float> table = arena.Put(new float[8]), rows = arena.Put(new float[6]);
        var indices = arena.PutIndices(0, 3, bad);
        rows.AsHostSpan().Fill(1f);
        var gather = () => arena.Backend.Gather(table, indices, rows, 4, 2);
        var scatter = () => arena.Backend.ScatterAdd(rows, indices, table, 4, 2);
        var clear = () => arena.Backend.ClearRows(rows, indices, 4, 1);
        var expected = $"the index at position 2 is {bad}; expected a row of the table, in [0, 4).";
        gather.Should().Throw<ArgumentException>().WithMessage("Gather: " + expected);
        scatter.Should().Throw<ArgumentException>().WithMessage("ScatterAdd: " + expected);
        clear.Should().Throw<ArgumentException>().WithMessage("ClearRows: " + expected);
        rows.AsHostSpan().ToArray().Should().OnlyContain(v => v == 1f);
        table.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
    }

    [Fact]
    public void No_indices_do_nothing()
    {
        using var arena = new Arena();
        var table = arena.Put(1f, 2f);
        arena.Backend.Gather(table, arena.PutIndices(), arena.Put(), 1, 2);
        arena.Backend.ScatterAdd(arena.Put(), arena.PutIndices(), table, 1, 2);
        arena.Backend.ClearRows(table, arena.PutIndices(), 1, 2);
        table.AsHostSpan().ToArray().Should().Equal(1f, 2f);
    }
}
