using SeqCore.Models;
using SeqCore.Samples.MaskedLanguageModel;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

public class MaskedTextTests
{
    [Theory]
    [InlineData("aaaa bbbb\ncccc dddd\neeee ffff\ngggg\nhh", "hh")]
    [InlineData("one two three four five six seven eight nine ten x y", "x y")]
    [InlineData("one two three four fivefivefive sixteenseventeen", "")]
    public void Nine_tenths_and_the_line_or_word_they_end_in_are_for_training(string text, string validation)
    {
        var masked = new MaskedText(text + "\n", t => new WordTokenizer(t));
        masked.ValidationText.Trim().Should().Be(validation);
        masked.Count.Should().Be(masked.Tokenizer.Encode(text).Length);
    }

    [Fact]
    public void Words_of_the_validation_part_alone_are_unknown()
    {
        var masked = new MaskedText(string.Concat(Enumerable.Repeat("the cat sat\n", 10)) + "the dog sat",
            t => new WordTokenizer(t));
        masked.Validation.Should().ContainSingle().Which.Should().Equal(masked.Tokenizer.Encode("the [UNK] sat"));
        masked.Commonest().Share.Should().Be(0.5);
    }

    [Fact]
    public void Lines_keep_their_ends_where_characters_count()
    {
        var masked = new MaskedText("ab\n\ncd\nef\nghi\nj", t => new MarkedCharacterTokenizer(t));
        masked.Training.Select(l => masked.Tokenizer.Decode(l)).Should().Equal("ab\n", "\n", "cd\n", "ef\n", "ghi\n");
        masked.ValidationText.Should().Be("j");
    }
}
