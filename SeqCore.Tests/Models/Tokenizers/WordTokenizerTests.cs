using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class WordTokenizerTests
{
    private const string Rhyme = "The cat sat. The dog sat, too; the cow doesn't!";

    [Fact]
    public void Frequent_words_come_first_and_equal_ones_in_ordinal_order()
    {
        var vocabulary = new WordTokenizer(Rhyme);
        vocabulary.Units.Should().Equal("the", "sat", "!", ",", ".", ";", "cat", "cow", "doesn't", "dog", "too");
        vocabulary.Count.Should().Be(16);
        vocabulary.Encode("The dog, the COW").Should().Equal(5, 14, 8, 5, 12);
    }

    [Fact]
    public void Only_the_most_frequent_are_kept_and_others_are_unknown()
    {
        var vocabulary = new WordTokenizer(Rhyme, maximumCount: 2);
        vocabulary.Units.Should().Equal("the", "sat");
        vocabulary.Encode("the cat sat").Should().Equal(5, SpecialToken.Unknown, 6);
    }

    [Fact]
    public void Rare_words_may_be_left_out()
    {
        new WordTokenizer(Rhyme, minimumFrequency: 2).Units.Should().Equal("the", "sat");
        new WordTokenizer(Rhyme, minimumFrequency: 3).Units.Should().Equal("the");
        FluentActions.Invoking(() => new WordTokenizer(Rhyme, minimumFrequency: 0)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("WordTokenizer: minimumFrequency should be at least 1.*");
    }

    [Fact]
    public void Words_of_several_texts_are_counted_together()
    {
        var texts = Rhyme.Split(' ');
        new WordTokenizer(texts.AsEnumerable(), minimumFrequency: 2).Units.Should().Equal("the", "sat");
        new WordTokenizer(texts).ToJson().Should().Be(new WordTokenizer(Rhyme).ToJson());
        new WordTokenizer(["ab", "c"]).Units.Should().Equal(["ab", "c"], "no word goes from one text into the next");
        FluentActions.Invoking(() => new WordTokenizer(["a", "\uD83D"])).Should().Throw<ArgumentException>()
            .WithMessage("WordTokenizer: the text has an unpaired surrogate, U+D83D, at position 0.*").WithParameterName("texts");
    }

    [Fact]
    public void Capitals_make_different_words_if_requested()
    {
        var vocabulary = new WordTokenizer("The the The", isLowercase: false);
        vocabulary.Units.Should().Equal("The", "the");
        vocabulary.Encode("the THE").Should().Equal(6, SpecialToken.Unknown);
    }

    [Theory]
    [InlineData("o'er don't 'tis", "o'er|don't|'|tis")]
    [InlineData("dogs' l\u2019amour rock'n'roll", "dogs|'|l\u2019amour|rock'n'roll")]
    [InlineData("a''b 3.14 A4", "a|'|'|b|3|.|14|a4")]
    [InlineData("well-known\t(e\u0301te\u0301)\n", "well|-|known|(|e\u0301te\u0301|)")]
    [InlineData("\U0001D44E\U0001F600x", "\U0001D44E|\U0001F600|x")]
    public void Words_are_letters_and_digits_with_apostrophes_inside(string text, string words)
    {
        var vocabulary = new WordTokenizer(text);
        string.Join('|', vocabulary.Encode(text).Select(vocabulary.Unit)).Should().Be(words);
    }

    [Fact]
    public void Special_tokens_may_be_written_and_are_no_words()
    {
        var vocabulary = new WordTokenizer("[MASK] the [ mask ]");
        vocabulary.Units.Should().BeEquivalentTo("the", "[", "mask", "]");
        vocabulary.Encode("the [MASK] [mask] [SEP] [MASKED]").Take(4)
            .Should().Equal(vocabulary.Encode("the")[0], SpecialToken.Mask, SpecialToken.Mask, SpecialToken.Separator);
        vocabulary.Unit(SpecialToken.Classification).Should().Be("[CLS]");
    }

    [Fact]
    public void Decoding_sets_spaces_as_people_do()
    {
        var vocabulary = new WordTokenizer(Rhyme + " ( )");
        vocabulary.Decode(vocabulary.Encode("the cat ( the dog ) sat , [MASK] too !"))
            .Should().Be("the cat (the dog) sat, [MASK] too!");
    }

    [Fact]
    public void The_same_tokenizer_comes_back_from_JSON() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<PositiveInt>(), (text, most) =>
        {
            var vocabulary = new WordTokenizer(text.Get, most.Get);
            var again = (WordTokenizer)Tokenizer.FromJson(vocabulary.ToJson());
            return again.Count == vocabulary.Count && again.IsLowercase == vocabulary.IsLowercase
                && again.Units.SequenceEqual(vocabulary.Units) && again.Count <= most.Get + SpecialToken.Count
                && again.Encode(text.Get).SequenceEqual(vocabulary.Encode(text.Get))
                && (most.Get < text.Get.Length || !vocabulary.Encode(text.Get).Contains(SpecialToken.Unknown));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a\n\nb", "*'' is not one word or mark*")]
    [InlineData("a b", "*'a b' is not one word or mark*")]
    [InlineData("a\nb\na", "*the word 'a' is listed twice*")]
    public void Invalid_words_are_errors(string words, string message) =>
        FluentActions.Invoking(() => WordTokenizer.FromWords(words.Split('\n'), true))
            .Should().Throw<ArgumentException>().WithMessage(message);

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void A_token_outside_is_an_error(int token) =>
        new WordTokenizer("a").Invoking(v => v.Unit(token)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"WordTokenizer: tokens are in [0, 6); got {token}.*");
}
