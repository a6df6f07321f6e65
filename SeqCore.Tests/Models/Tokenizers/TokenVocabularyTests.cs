using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class TokenVocabularyTests
{
    private static readonly string[][] sentences =
        [["I", "'m", "@home", "[PAD]"], ["@home", "alone", ",", "i"], ["a b", "größe"]];

    [Fact]
    public void Tokens_are_taken_as_they_are()
    {
        var vocabulary = new TokenVocabulary(sentences);
        vocabulary.Units.Should().Equal("@home", "'m", ",", "I", "[PAD]", "a b", "alone", "größe", "i");
        foreach (var sentence in sentences)
        {
            var tokens = vocabulary.Encode(sentence);
            tokens.Select(vocabulary.Unit).Should().Equal(sentence);
            tokens.Should().OnlyContain(t => t >= SpecialToken.Count, "a token [PAD] of a text is no padding");
        }

        vocabulary.Encode((string[])["I", "unknown"])[1].Should().Be(SpecialToken.Unknown);
        vocabulary.Decode(vocabulary.Encode("I \t 'm  alone ")).Should().Be("I 'm alone");
    }

    [Fact]
    public void Frequency_and_case_decide_what_is_kept()
    {
        new TokenVocabulary(sentences, isLowercase: true, minimumFrequency: 2).Units.Should().Equal("@home", "i");
        new TokenVocabulary(sentences, maximumCount: 1).Units.Should().Equal("@home");
    }

    [Fact]
    public void It_is_saved_and_loaded()
    {
        var vocabulary = new TokenVocabulary(sentences, isLowercase: true);
        var loaded = Tokenizer.FromJson(vocabulary.ToJson()).Should().BeOfType<TokenVocabulary>().Which;
        loaded.Units.Should().Equal(vocabulary.Units);
        loaded.IsLowercase.Should().BeTrue();
        FluentActions.Invoking(() => Tokenizer.FromJson("""{"kind":"tokens","lowercase":false,"tokens":["a","a"]}""")).Should()
            .Throw<FormatException>();
        FluentActions.Invoking(() => Tokenizer.FromJson("""{"kind":"tokens","lowercase":false,"tokens":[""]}""")).Should()
            .Throw<FormatException>().WithMessage("*token 0 is empty*");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var vocabulary = new TokenVocabulary(sentences);
        vocabulary.Invoking(v => v.Encode((string[])["a", ""])).Should().Throw<ArgumentException>()
            .WithMessage("*token 1 is empty*");
        vocabulary.Invoking(v => v.Encode((string[])["a\ud800"])).Should().Throw<ArgumentException>().WithMessage("*surrogate*");
        FluentActions.Invoking(() => new TokenVocabulary([["a", null!]])).Should().Throw<ArgumentException>()
            .WithMessage("*token 1 is empty or null*");
    }
}
