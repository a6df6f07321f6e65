using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class LinePackingTests
{
    [Fact]
    public void Whole_lines_fill_a_sequence_and_long_ones_are_cut()
    {
        int[][] lines = [[1, 2], [3], [4, 5], [], [6, 7, 8, 9, 10, 11, 12, 13, 14], [15], [16, 17, 18, 19]];
        LinePacking.Pack(lines, 4).Should().BeEquivalentTo<int[]>(
            [[1, 2, 3], [4, 5], [6, 7, 8, 9], [10, 11, 12, 13], [14, 15], [16, 17, 18, 19]], o => o.WithStrictOrdering());
    }

    [Fact]
    public void No_token_is_lost_and_none_too_many() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[][]>(), ArbMap.Default.ArbFor<PositiveInt>(), (lines, longest) =>
        {
            var packed = LinePacking.Pack(lines, longest.Get);
            return packed.SelectMany(s => s).SequenceEqual(lines.SelectMany(l => l))
                && packed.All(s => s.Length >= 1 && s.Length <= longest.Get);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_line_that_fits_is_never_cut()
    {
        int[][] lines = [.. Enumerable.Range(1, 60).Select(i => Enumerable.Repeat(i, i % 7 + 1).ToArray())];
        foreach (var sequence in LinePacking.Pack(lines, 9))
            sequence.CountBy(t => t).Should().OnlyContain(c => c.Value == c.Key % 7 + 1);
    }

    [Fact]
    public void A_length_of_0_is_an_error() =>
        FluentActions.Invoking(() => LinePacking.Pack([], 0)).Should().Throw<ArgumentOutOfRangeException>();
}
