using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class OffsetsTests
{
    [Fact]
    public void Characters_have_their_own_range()
    {
        const string text = "a\U0001F600\u00E9";
        foreach (var tokenizer in (Tokenizer[])[new CharacterTokenizer(text), new MarkedCharacterTokenizer(text)])
        {
            var tokenized = tokenizer.EncodeWithOffsets(text);
            tokenized.Tokens.Should().Equal(tokenizer.Encode(text));
            tokenized.Ranges.Should().Equal(0..1, 1..3, 3..4);
        }
    }

    [Fact]
    public void Words_have_the_range_of_their_capitals_too()
    {
        const string text = "  The CAT's [mask] \u0130\U00010400! ";
        var tokenizer = new WordTokenizer(text);
        var tokenized = tokenizer.EncodeWithOffsets(text);
        tokenized.Tokens.Should().Equal(tokenizer.Encode(text));
        tokenized.Ranges.Select(r => text[r]).Should().Equal("The", "CAT's", "[mask]", "\u0130\U00010400", "!");
    }

    [Fact]
    public void Ranges_of_random_texts_are_in_order_and_the_tokens_are_those_of_Encode()
    {
        foreach (var text in FuzzedText.Many(seed: 14, count: 1_000))
        {
            foreach (var tokenizer in (Tokenizer[])[new CharacterTokenizer(text), new MarkedCharacterTokenizer(text),
                new WordTokenizer(text), new WordTokenizer(text, isLowercase: false)])
            {
                var tokenized = tokenizer.EncodeWithOffsets(text);
                tokenized.Tokens.Should().Equal(tokenizer.Encode(text));
                tokenized.Ranges.Where(r => r.Start.Value >= r.End.Value).Should().BeEmpty();
                tokenized.Ranges.Zip(tokenized.Ranges.Skip(1)).Where(r => r.First.End.Value > r.Second.Start.Value)
                    .Should().BeEmpty();
                for (var i = 0; i < tokenized.Tokens.Count; i++)
                    tokenizer.Encode(text[tokenized.Ranges[i]]).Should().Equal(tokenized.Tokens[i]);
            }
        }
    }

    [Fact]
    public void A_custom_tokenizer_supports_ranges_if_it_overrides_them()
    {
        new Bits().Invoking(t => t.EncodeWithOffsets("01")).Should().Throw<NotSupportedException>()
            .WithMessage("Bits: the tokenizer does not know which part of a text a token represents."
                + " Hint: override EncodeWithOffsets.");
        new Bits().Encode("0110", new EncodingOptions { MaximumLength = 2 }).Should().Equal(0, 1);
    }

    [Fact]
    public void There_is_a_range_for_each_token() =>
        FluentActions.Invoking(() => new TokenizedText([1, 2], [0..1])).Should().Throw<ArgumentException>()
            .WithMessage("TokenizedText: there should be a range for each of 2 tokens; got 1.*");

    private sealed class Bits : Tokenizer
    {
        public override string Kind => "bits";

        public override int Count => 2;

        public override int[] Encode(string text) => [.. text.Select(c => c - '0')];

        public override string Decode(ReadOnlySpan<int> tokens) => string.Concat(tokens.ToArray());

        protected override void Write(Utf8JsonWriter json)
        {
        }
    }
}
