using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public class MaskedBatchTests
{
    private static readonly MarkedCharacterTokenizer vocabulary = new("abcdefghijklmnopqrstuvwxyz");

    [Fact]
    public void Sequences_are_marked_and_masked_positions_and_targets_agree()
    {
        int[][] sequences = [vocabulary.Encode("abcdefgh"), vocabulary.Encode("ijkl"), vocabulary.Encode("m")];
        var batch = new MaskedBatch(3, 10);
        batch.Fill(sequences, new TokenMasking(vocabulary, new RandomGenerator(1)) { Fraction = 0.4f });
        batch.Lengths.ToArray().Should().Equal(10, 6, 3);
        batch.MaskedPositions.Length.Should().Be(3 + 2 + 1);
        for (var b = 0; b < 3; b++)
        {
            var (inputs, targets) = (batch.Inputs.Slice(b * 10, 10).ToArray(), batch.Targets.Slice(b * 10, 10).ToArray());
            var last = batch.Lengths[b] - 1;
            (inputs[0], inputs[last]).Should().Be((SpecialToken.Classification, SpecialToken.Separator));
            inputs[(last + 1)..].Distinct().Should().Equal(b == 0 ? [] : [SpecialToken.Padding]);
            for (var t = 0; t < 10; t++)
            {
                if (t >= 1 && t < last)
                    (targets[t] == TokenMasking.IgnoreIndex ? inputs[t] : targets[t]).Should().Be(sequences[b][t - 1]);
                else
                    targets[t].Should().Be(TokenMasking.IgnoreIndex);
            }
        }

        batch.MaskedPositions.ToArray().Should().BeInAscendingOrder();
        for (var i = 0; i < batch.MaskedPositions.Length; i++)
            batch.Targets[batch.MaskedPositions[i]].Should().Be(batch.MaskedTargets[i]);
        batch.Targets.ToArray().Count(t => t != TokenMasking.IgnoreIndex).Should().Be(batch.MaskedPositions.Length);
    }

    [Fact]
    public void A_batch_keeps_nothing_of_the_previous_one()
    {
        var (used, fresh) = (new MaskedBatch(1, 10), new MaskedBatch(1, 10));
        used.Fill([vocabulary.Encode("abcdefgh")], new TokenMasking(vocabulary, new RandomGenerator(1)));
        used.Fill([vocabulary.Encode("xyz")], new TokenMasking(vocabulary, new RandomGenerator(2)));
        fresh.Fill([vocabulary.Encode("xyz")], new TokenMasking(vocabulary, new RandomGenerator(2)));
        used.Inputs.ToArray().Should().Equal(fresh.Inputs.ToArray());
        used.Targets.ToArray().Should().Equal(fresh.Targets.ToArray());
    }

    [Fact]
    public void Other_numbers_of_sequences_and_longer_ones_are_errors()
    {
        var masking = new TokenMasking(vocabulary, new RandomGenerator(1));
        FluentActions.Invoking(() => new MaskedBatch(2, 5).Fill([[5]], masking))
            .Should().Throw<ArgumentException>().WithMessage("*B = 2 sequences; got 1*");
        FluentActions.Invoking(() => new MaskedBatch(1, 5).Fill([[5, 6, 7, 8]], masking))
            .Should().Throw<ArgumentException>().WithMessage("*at most T - 2 = 3 tokens; sequence 0 has 4*");
    }
}
