using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class IncrementalDecoderTests
{
    [Fact]
    public void A_character_comes_with_the_last_of_its_bytes()
    {
        var decoder = BytePairTokenizer.Train([], 256).NewDecoder();
        var tokens = BytePairTokenizer.Train([], 256).Encode("a\u20AC\U0001F600");
        tokens.Select(decoder.Append).Should().Equal("a", "", "", "\u20AC", "", "", "", "\U0001F600");
        decoder.Finish().Should().BeEmpty();
    }

    [Fact]
    public void A_text_that_ends_within_a_character_ends_with_a_replacement()
    {
        var pairs = BytePairTokenizer.Train([], 256);
        var tokens = pairs.Encode("\u20AC");
        var decoder = pairs.NewDecoder();
        (decoder.Append(tokens[0]) + decoder.Append(tokens[1])).Should().BeEmpty();
        decoder.Finish().Should().Be("\uFFFD").And.Be(pairs.Decode(tokens.AsSpan(..2)));
        decoder.Append(tokens[2]).Should().Be("\uFFFD", "a new text begins within a character");
    }

    [Fact]
    public void Parts_together_are_the_whole_text()
    {
        string[] texts = [.. FuzzedText.Many(seed: 15, count: 300)];
        Tokenizer[] tokenizers =
        [
            BytePairTokenizer.Train(texts, 500, ["<x>"]),
            UnigramTokenizer.Train(texts, 600, ["<x>"], new() { CharacterCoverage = 0.9 }),
            new CharacterTokenizer(string.Concat(texts), hasPadding: true),
            new MarkedCharacterTokenizer(string.Concat(texts)), new WordTokenizer(texts),
            new WordPieceTokenizer(["[UNK]", .. "abcdeZ(),.!?'\u00E9".Select(c => c.ToString()), "##a", "##b", "the", "##ing"]),
        ];
        var random = new Random(16);
        foreach (var tokenizer in tokenizers)
        {
            foreach (var text in texts)
            {
                // Also tokens that no text has, such as halves of characters.
                int[] tokens = [.. tokenizer.Encode(text), .. Enumerable.Range(0, 20).Select(_ => random.Next(tokenizer.Count))];
                var decoder = tokenizer.NewDecoder();
                var parts = string.Concat(tokens.Select(decoder.Append));
                (parts + decoder.Finish()).Should().Be(tokenizer.Decode(tokens));
            }
        }
    }
}
