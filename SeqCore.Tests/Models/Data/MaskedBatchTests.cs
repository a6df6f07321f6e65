using SeqCore.Models;
using SeqCore.Tensors;

namespace SeqCore.Tests.Models.Data;

public class MaskedBatchTests
{
    private static readonly MarkedCharacterVocabulary vocabulary = new("abcdefghijklmnopqrstuvwxyz");

    [Fact]
    public void Windows_stand_between_their_marks_and_places_and_answers_tell_the_targets()
    {
        var text = vocabulary.Encode("abcdefghijklmnopqrstuvwxyz");
        var windows = new TokenWindows(text, 8).Batches(3).Single();
        var batch = new MaskedBatch(3, 10);
        batch.Fill(windows, new TokenMasking(vocabulary, new RandomGenerator(1)) { Share = 0.4f });
        batch.Places.Length.Should().Be(9);
        for (var b = 0; b < 3; b++)
        {
            var (inputs, targets) = (batch.Inputs.Slice(b * 10, 10).ToArray(), batch.Targets.Slice(b * 10, 10).ToArray());
            (inputs[0], inputs[^1]).Should().Be((SpecialToken.Classification, SpecialToken.Separator));
            (targets[0], targets[^1]).Should().Be((TokenMasking.Ignored, TokenMasking.Ignored));
            for (var t = 1; t < 9; t++)
                (targets[t] == TokenMasking.Ignored ? inputs[t] : targets[t]).Should().Be(text[b * 8 + t - 1]);
        }

        batch.Places.ToArray().Should().BeInAscendingOrder();
        for (var i = 0; i < 9; i++)
            batch.Targets[batch.Places[i]].Should().Be(batch.Answers[i]);
        batch.Targets.ToArray().Count(t => t != TokenMasking.Ignored).Should().Be(9);
    }

    [Fact]
    public void Windows_of_another_size_are_an_error()
    {
        var windows = new TokenWindows(vocabulary.Encode("abcdefghi"), 4).Batches(2).Single();
        FluentActions.Invoking(() => new MaskedBatch(2, 5).Fill(windows, new TokenMasking(vocabulary, new RandomGenerator(1))))
            .Should().Throw<ArgumentException>().WithMessage("*(B, T - 2) = (2, 3) tokens; got (2, 4)*");
    }
}
