using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class CharacterTokenizerTests
{
    [Fact]
    public void Characters_come_once_in_ascending_order()
    {
        var vocabulary = new CharacterTokenizer("banana, Bread\n");
        vocabulary.Characters.Should().Be("\n ,Babdenr");
        vocabulary.Count.Should().Be(10);
        vocabulary.Encode("bad\n").Should().Equal(5, 4, 6, 0);
    }

    [Fact]
    public void Order_is_that_of_code_points_not_of_utf16_units()
    {
        // U+1F3B5 is written with the units D83C DFB5, which sort before U+FB01.
        var vocabulary = new CharacterTokenizer("\U0001F3B5\uFB01a");
        vocabulary.Characters.Should().Be("a\uFB01\U0001F3B5");
        vocabulary.Encode("\U0001F3B5a").Should().Equal(2, 0);
        vocabulary.Decode(2).Should().Be("\U0001F3B5");
    }

    [Fact]
    public void Decoding_undoes_encoding() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var clean = string.Concat(text.Get.EnumerateRunes());
            var vocabulary = new CharacterTokenizer(clean);
            return vocabulary.Decode(vocabulary.Encode(clean)) == clean
                && Tokenizer.FromJson(vocabulary.ToJson()) is CharacterTokenizer again
                && again.Characters == vocabulary.Characters;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_unknown_character_is_named_with_its_place()
    {
        var vocabulary = new CharacterTokenizer("abc\n");
        vocabulary.Invoking(v => v.Encode("aé")).Should().Throw<ArgumentException>()
            .WithMessage("CharacterTokenizer: the character 'é' (U+00E9) at position 1 is not among the 4 known ones."
                + " Hint: use only \\nabc");
        vocabulary.Invoking(v => v.Encode("a\t"))
            .Should().Throw<ArgumentException>().WithMessage("*the character (U+0009) at position 1*");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_token_outside_is_an_error(int token) =>
        new CharacterTokenizer("abc").Invoking(v => v.Decode(token)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"CharacterTokenizer: tokens are in [0, 3); got {token}.*");

    [Fact]
    public void A_reserved_padding_is_token_0_and_no_character()
    {
        var tokenizer = new CharacterTokenizer("cab", hasPadding: true);
        tokenizer.Count.Should().Be(4);
        tokenizer.Encode("abc").Should().Equal(1, 2, 3);
        tokenizer.Decode([1, 2, 3, 0, 0]).Should().Be("abc");
        tokenizer.Special.Should().Be(new SpecialTokens { Padding = 0 });
        tokenizer.Characters.Should().Be("abc");
        tokenizer.Invoking(t => t.Decode(4)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*in [0, 4); got 4.*");
        tokenizer.Invoking(t => t.Encode("d")).Should().Throw<ArgumentException>().WithMessage("*not among the 3 known ones.*");
        using var batch = new PaddedBatch([tokenizer.Encode("abc"), tokenizer.Encode("a")]);
        batch.Tokens.ToArray().Should().Equal(1, 2, 3, 1, 0, 0);

        var again = (CharacterTokenizer)Tokenizer.FromJson(tokenizer.ToJson());
        again.Encode("abc").Should().Equal(1, 2, 3);
        again.ToJson().Should().Be(tokenizer.ToJson());
    }

    [Fact]
    public void One_without_padding_is_written_and_read_as_before()
    {
        var tokenizer = new CharacterTokenizer("abc");
        tokenizer.ToJson().Should().Be("""{"kind":"characters","characters":"abc"}""");
        tokenizer.Special.Should().Be(SpecialTokens.None);
        Tokenizer.FromJson(tokenizer.ToJson()).Encode("abc").Should().Equal(0, 1, 2);
        FluentActions.Invoking(() => Tokenizer.FromJson("""{"kind":"characters","characters":"abc","padding":1}"""))
            .Should().Throw<FormatException>();
    }
}
