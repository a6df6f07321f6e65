using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class MarkedCharacterTokenizerTests
{
    [Fact]
    public void Characters_follow_the_special_tokens_in_ascending_order()
    {
        var vocabulary = new MarkedCharacterTokenizer("bad\n");
        vocabulary.Units.Should().Equal("\n", "a", "b", "d");
        vocabulary.Count.Should().Be(9);
        vocabulary.Encode("da[MASK]x\n").Should().Equal(8, 6, SpecialToken.Mask, SpecialToken.Unknown, 5);
        vocabulary.Decode([6, SpecialToken.Mask, 7]).Should().Be("a[MASK]b");
    }

    [Fact]
    public void Decoding_undoes_encoding_and_the_tokenizer_comes_back_from_JSON() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var clean = string.Concat(text.Get.EnumerateRunes());
            var vocabulary = new MarkedCharacterTokenizer(clean);
            return vocabulary.Decode(vocabulary.Encode(clean)) == clean
                && Tokenizer.FromJson(vocabulary.ToJson()) is MarkedCharacterTokenizer again
                && again.Units.SequenceEqual(vocabulary.Units);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Neighbouring_letters_and_digits_are_one_word()
    {
        var vocabulary = new MarkedCharacterTokenizer("ab1 .e\u0301");
        vocabulary.AreInSameWord(Token("a"), Token("1")).Should().BeTrue();
        vocabulary.AreInSameWord(Token("e"), Token("\u0301")).Should().BeTrue();
        vocabulary.AreInSameWord(Token("a"), Token(" ")).Should().BeFalse();
        vocabulary.AreInSameWord(Token("."), Token("a")).Should().BeFalse();
        vocabulary.AreInSameWord(SpecialToken.Classification, Token("a")).Should().BeFalse();

        int Token(string character) => vocabulary.Encode(character).Single();
    }
}
