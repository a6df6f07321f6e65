using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

public class RepetitionPenaltyTests
{
    [Fact]
    public void Positive_logits_are_divided_and_negative_ones_multiplied_once_for_each_token()
    {
        var penalty = new RepetitionPenalty(2);
        foreach (var token in new[] { 0, 1, 3, 1, 1 })
            penalty.Add(token);
        float[] logits = [3, -3, 5, 0, -7];
        penalty.Apply(logits);
        logits.Should().Equal(1.5f, -6, 5, 0, -7);
    }

    [Fact]
    public void Nothing_written_changes_nothing()
    {
        float[] logits = [3, -3];
        new RepetitionPenalty(2).Apply(logits);
        logits.Should().Equal(3, -3);
    }

    [Fact]
    public void A_forbidden_token_stays_forbidden()
    {
        var penalty = new RepetitionPenalty(0.5f);
        penalty.Add(0);
        float[] logits = [float.NegativeInfinity, 1];
        penalty.Apply(logits);
        logits.Should().Equal(float.NegativeInfinity, 1);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_penalty_that_is_not_above_zero_is_refused(float penalty) =>
        FluentActions.Invoking(() => new RepetitionPenalty(penalty))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("RepetitionPenalty: the penalty should be above 0*");

    [Fact]
    public void A_token_without_a_logit_is_named()
    {
        var penalty = new RepetitionPenalty(2);
        penalty.Add(2);
        FluentActions.Invoking(() => penalty.Apply([1f, 2f]))
            .Should().Throw<ArgumentException>().WithMessage("RepetitionPenalty: token 2 was written*for only 2 tokens*");
    }
}
