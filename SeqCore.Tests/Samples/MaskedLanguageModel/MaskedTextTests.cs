using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Commands;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

public class MaskedTextTests
{
    [Theory]
    [InlineData("aaaa bbbb\ncccc dddd\neeee ffff\ngggg\nhh", "hh")]
    [InlineData("one two three four five six seven eight nine ten x y", "x y")]
    [InlineData("one two three four fivefivefive sixteenseventeen", "")]
    public void Nine_tenths_and_the_line_or_word_they_end_in_are_for_training(string text, string validation)
    {
        var masked = new MaskedText(text + "\n", t => new WordVocabulary(t));
        masked.ValidationText.Trim().Should().Be(validation);
        masked.Count.Should().Be(masked.Vocabulary.Encode(text).Length);
    }

    [Fact]
    public void Words_of_the_validation_part_alone_are_unknown()
    {
        var masked = new MaskedText(string.Concat(Enumerable.Repeat("the cat sat\n", 10)) + "the dog sat", t => new WordVocabulary(t));
        masked.Validation.Should().Equal(masked.Vocabulary.Encode("the [UNK] sat"));
        masked.Commonest().Share.Should().Be(0.5);
    }

    [Fact]
    public void Texts_too_short_for_a_window_are_named()
    {
        var masked = new MaskedText("a b c d e f g h i j\nk l\n", t => new WordVocabulary(t));
        FluentActions.Invoking(() => masked.RequireWindows(3, "words")).Should().Throw<UserException>()
            .WithMessage("The text has 11 words for training and 1 for validation; a --sequence of 3 needs at least 3 of each.*");
    }
}
