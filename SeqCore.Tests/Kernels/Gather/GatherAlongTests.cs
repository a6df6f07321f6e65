using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Gather;

public class GatherAlongTests
{
    // Outer size, size of the axis, number of indices, inner size: short and long lines, few and many, and several chunks.
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 5, 4, 1 }, { 3, 5, 7, 3 }, { 1, 9, 70_000, 1 }, { 2, 300, 200, 65 }, { 1, 11, 17, 130 },
        { 500, 40, 40, 1 }, { 1, 6, 3000, 70 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Agree_with_their_definition_and_threads_change_no_bit(int outer, int size, int count, int inner)
    {
        float[] x = Normal(outer * size * inner, 1), source = Normal(outer * count * inner, 2);
        var random = new Random(3);
        int[] indices = [.. source.Select(_ => random.Next(-size, size))];
        float[] written = [.. x], added = [.. x];
        Definition.ScatterAlong(source, indices, written, size, count, inner, adds: false);
        Definition.ScatterAlong(source, indices, added, size, count, inner, adds: true);
        foreach (var threads in (int[])[1, 3])
        {
            using var arena = new Arena(threads);
            var at = new StridedIndices(arena.PutIndices(indices), Layout.Contiguous([outer, count, inner]));
            var layout = Layout.Contiguous([outer, size, inner]);
            DeviceSpan<float> y = arena.Output(source.Length), from = arena.Put(source), first = arena.Put(x),
                second = arena.Put(x);
            arena.Backend.GatherAlong(new StridedSpan(first, layout), 1, at, y);
            y.AsHostSpan().ToArray().Should().Equal(Definition.GatherAlong(x, indices, size, count, inner));
            arena.Backend.ScatterAlong(from, at, new StridedSpan(first, layout), 1);
            first.AsHostSpan().ToArray().Should().Equal(written);
            arena.Backend.ScatterAddAlong(from, at, new StridedSpan(second, layout), 1);
            second.AsHostSpan().ToArray().Should().Equal(added);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void One_list_of_indices_serves_all_lines(int outer, int size, int count, int inner)
    {
        float[] x = Normal(outer * size * inner, 1), source = Normal(outer * count * inner, 2);
        var random = new Random(3);
        int[] list = [.. Enumerable.Range(0, count).Select(_ => random.Next(-size, size))];
        int[] indices = [.. Enumerable.Range(0, source.Length).Select(n => list[n / inner % count])];
        float[] written = [.. x], added = [.. x];
        Definition.ScatterAlong(source, indices, written, size, count, inner, adds: false);
        Definition.ScatterAlong(source, indices, added, size, count, inner, adds: true);
        using var arena = new Arena(2);
        var at = new StridedIndices(arena.PutIndices(list), new Layout([outer, count, inner], [0, 1, 0]));
        var layout = Layout.Contiguous([outer, size, inner]);
        DeviceSpan<float> y = arena.Output(source.Length), from = arena.Put(source), first = arena.Put(x), second = arena.Put(x);
        arena.Backend.GatherAlong(new StridedSpan(first, layout), 1, at, y);
        y.AsHostSpan().ToArray().Should().Equal(Definition.GatherAlong(x, indices, size, count, inner));
        arena.Backend.ScatterAlong(from, at, new StridedSpan(first, layout), 1);
        first.AsHostSpan().ToArray().Should().Equal(written);
        arena.Backend.ScatterAddAlong(from, at, new StridedSpan(second, layout), 1);
        second.AsHostSpan().ToArray().Should().Equal(added);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-5)]
    public void An_index_out_of_range_is_named_before_anything_is_written(int bad)
    {
        using var arena = new Arena();
        DeviceSpan<float> table = arena.Put(new float[8]), values = arena.Put(1f, 1f, 1f, 1f);
        var indices = new StridedIndices(arena.PutIndices(0, -4, 3, bad), Layout.Contiguous([2, 2]));
        var span = new StridedSpan(table, Layout.Contiguous([2, 4]));
        var expected = $": the index at position 3 is {bad}; expected one of axis 1, in [-4, 4).";
        FluentActions.Invoking(() => arena.Backend.GatherAlong(span, 1, indices, values))
            .Should().Throw<ArgumentException>().WithMessage("GatherAlong" + expected);
        FluentActions.Invoking(() => arena.Backend.ScatterAlong(values, indices, span, 1))
            .Should().Throw<ArgumentException>().WithMessage("ScatterAlong" + expected);
        FluentActions.Invoking(() => arena.Backend.ScatterAddAlong(values, indices, span, 1))
            .Should().Throw<ArgumentException>().WithMessage("ScatterAddAlong" + expected);
        values.AsHostSpan().ToArray().Should().OnlyContain(v => v == 1f);
        table.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
    }

    [Fact]
    public void Wrong_sizes_are_refused_and_no_indices_do_nothing()
    {
        using var arena = new Arena();
        var table = new StridedSpan(arena.Put(1f, 2f, 3f, 4f, 5f, 6f), Layout.Contiguous([2, 3]));
        DeviceSpan<float> none = arena.Put(), two = arena.Put(0f, 0f);
        var indices = arena.PutIndices(0, 0);
        arena.Backend.GatherAlong(table, 1, new(arena.PutIndices(), Layout.Contiguous([2, 0])), none);
        arena.Backend.ScatterAddAlong(none, new(arena.PutIndices(), Layout.Contiguous([2, 0])), table, 1);
        table.Data.AsHostSpan().ToArray().Should().Equal(1f, 2f, 3f, 4f, 5f, 6f);
        FluentActions.Invoking(() => arena.Backend.GatherAlong(table, 1, new(indices, Layout.Contiguous([1, 2])), two))
            .Should().Throw<ArgumentException>()
            .WithMessage("GatherAlong: the indices should have the sizes of x, (2, 3), except on axis 1; got (1, 2).");
        FluentActions.Invoking(() => arena.Backend.GatherAlong(table, 2, new(indices, Layout.Contiguous([2, 1])), two))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("GatherAlong: x has the axes 0 to 1.*");
        FluentActions.Invoking(() => arena.Backend.ScatterAlong(none, new(indices, Layout.Contiguous([2, 1])), table, 1))
            .Should().Throw<ArgumentException>().WithMessage("ScatterAlong: source should have 2 elements; got 0.");
    }
}
