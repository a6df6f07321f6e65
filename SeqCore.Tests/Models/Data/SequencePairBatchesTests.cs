using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class SequencePairBatchesTests
{
    [Fact]
    public void A_batch_is_padded_and_its_targets_begin_and_end()
    {
        var batch = new SequencePairBatches(new SequencePairs([([7, 8, 9], [10]), ([6], [])]), 5, seed: 1).Next();
        (batch.BatchSize, batch.SourceLength, batch.TargetLength, batch.TargetTokens).Should().Be((2, 3, 2, 3));
        batch.Source.ToArray().Should().Equal(6, 0, 0, 7, 8, 9);
        batch.SourceLengths.ToArray().Should().Equal(1, 3);
        batch.TargetInputs.ToArray().Should().Equal(SpecialToken.Start, 0, SpecialToken.Start, 10);
        batch.Targets.ToArray().Should().Equal(SpecialToken.End, 0, 10, SpecialToken.End);
    }

    [Fact]
    public void Every_pass_has_every_pair_once_in_an_order_of_its_own()
    {
        var batches = new SequencePairBatches(Pairs(53), 5, seed: 3);
        batches.BatchesPerPass.Should().Be(11);
        var passes = Enumerable.Range(0, 3).Select(_ => Pass(batches)).ToList();
        foreach (var pass in passes)
            pass.SelectMany(b => b).Order().Should().Equal(Enumerable.Range(100, 53));
        passes.Select(p => string.Join(",", p.SelectMany(b => b))).Distinct().Should().HaveCount(3);
    }

    [Fact]
    public void Pairs_of_like_length_come_together()
    {
        var pairs = Pairs(200);
        var batches = new SequencePairBatches(pairs, 10, seed: 3);
        var (padded, tokens) = (0, 0);
        for (var i = 0; i < batches.BatchesPerPass; i++)
        {
            var batch = batches.Next();
            padded += batch.Targets.Length;
            tokens += batch.TargetTokens;
        }

        padded.Should().BeLessThan((int)(1.15 * tokens));
    }

    [Fact]
    public void A_position_brings_the_same_batches_back()
    {
        var batches = new SequencePairBatches(Pairs(53), 5, seed: 3);
        var all = Enumerable.Range(0, 30).Select(_ => batches.Next().Source.ToArray()).ToList();
        foreach (var position in new[] { 25, 3, 10, 11, 0 })
        {
            var other = new SequencePairBatches(Pairs(53), 5, seed: 3) { Position = (ulong)position };
            batches.Position = (ulong)position;
            for (var i = position; i < Math.Min(30, position + 12); i++)
            {
                other.Next().Source.ToArray().Should().Equal(all[i]);
                batches.Next().Source.ToArray().Should().Equal(all[i]);
            }
        }

        new SequencePairBatches(Pairs(53), 5, seed: 4).Next().Source.ToArray().Should().NotEqual(all[0]);
    }

    [Fact]
    public void What_cannot_be_drawn_from_is_refused()
    {
        FluentActions.Invoking(() => new SequencePairs([]))
            .Should().Throw<DataSourceException>().WithMessage("There are no pairs*");
        FluentActions.Invoking(() => new SequencePairs([([1], []), ([], [1])]))
            .Should().Throw<DataSourceException>().WithMessage("The source of pair 1 is empty*");
        Pairs(3).Invoking(p => p.Slice(1, 3)).Should().Throw<ArgumentOutOfRangeException>();
        Pairs(5).Slice(2, 2).Source(1)[0].Should().Be(103);
    }

    /// <summary>The first token of each source of the batches.</summary>
    private static List<int[]> Pass(SequencePairBatches batches)
    {
        var result = new List<int[]>();
        for (var i = 0; i < batches.BatchesPerPass; i++)
        {
            var batch = batches.Next();
            result.Add([.. Enumerable.Range(0, batch.BatchSize).Select(b => batch.Source.ToArray()[b * batch.SourceLength])]);
        }

        return result;
    }

    private static SequencePairs Pairs(int count)
    {
        var random = new RandomGenerator(1);
        return new SequencePairs(Enumerable.Range(0, count)
            .Select(i => (Tokens(100 + i, 1 + random.NextInt32(9)), Tokens(i, random.NextInt32(9)))));
    }

    private static int[] Tokens(int first, int count) => [.. Enumerable.Range(0, count).Select(i => i == 0 ? first : 50)];
}
