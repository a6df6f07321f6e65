using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.Unigram;

public class UnigramTokenizerTests
{
    private const string End = "<|endoftext|>";

    private static readonly string[] corpus = [.. FuzzedText.Many(seed: 2, count: 2_000)];

    private static readonly UnigramTokenizer trained = UnigramTokenizer.Train(corpus, 900, [End, "<pad>"],
        new() { CharacterCoverage = 0.95 });

    [Fact]
    public void Every_text_comes_back_from_its_tokens()
    {
        trained.Count.Should().BeGreaterThan(600);
        foreach (var text in FuzzedText.Many(seed: 3, count: 5_000))
            trained.Decode(trained.Encode(text)).Should().Be(text);
        foreach (var text in (string[])["", " ", "  a  ", "\u2581a \u2581", "<0x41>", "\n\n", new string('x', 5000)])
            trained.Decode(trained.Encode(text)).Should().Be(text);
        trained.Encode("").Should().BeEmpty();
        trained.Decode([]).Should().BeEmpty();
    }

    [Fact]
    public void Words_are_the_most_probable_pieces()
    {
        var scores = Enumerable.Range(258, trained.Count - 258).ToDictionary(t => Encoding.UTF8.GetString(trained.BytesOf(t)),
            trained.Score);
        foreach (var word in (string[])["theing", " lowest", "don", " ingerest", "...--", "1999", " the"])
        {
            trained.Encode(word).Sum(t => (double)trained.Score(t)).Should()
                .BeApproximately(UnigramReference.Best(word, scores)!.Sum(p => (double)scores[p]), 1e-4, word);
        }
    }

    [Fact]
    public void Tokens_of_the_bytes_of_a_character_all_have_it()
    {
        foreach (var text in FuzzedText.Many(seed: 4, count: 2_000).Select(t => t + End + t))
        {
            var tokenized = trained.EncodeWithOffsets(text);
            tokenized.Tokens.Should().Equal(trained.Encode(text));
            var at = 0;
            for (var i = 0; i < tokenized.Tokens.Count; i++)
            {
                // The bytes of a token are within its characters, and no character is left out.
                var range = tokenized.Ranges[i];
                Encoding.UTF8.GetBytes(text[range]).AsSpan().IndexOf(trained.BytesOf(tokenized.Tokens[i]))
                    .Should().BeGreaterThanOrEqualTo(0);
                range.Start.Value.Should().BeLessThanOrEqualTo(at);
                at = range.End.Value;
            }

            at.Should().Be(text.Length);
        }
    }

    [Fact]
    public void Special_tokens_may_be_written_unless_the_options_forbid_it()
    {
        trained.Special.Should().Be(new SpecialTokens { Start = 0, End = 0, Padding = 1 });
        var tokens = trained.Encode($"a{End}{End} b<pad>");
        tokens.Where(t => t < 2).Should().Equal(0, 0, 1);
        trained.Decode(tokens).Should().Be($"a{End}{End} b<pad>");
        var safe = UnigramTokenizer.Train(["a b a b"], 400, [End], options: new() { ReadsSpecialTokens = false });
        safe.Encode($"a{End}").Should().NotContain(0);
        safe.Decode(safe.Encode($"a{End}")).Should().Be($"a{End}");
    }

    [Fact]
    public void A_leading_space_makes_the_first_word_like_others()
    {
        var tokenizer = UnigramTokenizer.Train(["the cat the cat"], 300, [End], options: new() { AddsLeadingSpace = true });
        tokenizer.Encode("cat").Should().Equal(tokenizer.Encode(" cat"));
        tokenizer.Decode(tokenizer.Encode($"cat{End}the")).Should().Be($" cat{End} the");
        tokenizer.EncodeWithOffsets("cat the").Ranges.Should().Equal(0..3, 3..7);
    }

    [Fact]
    public void Other_threads_get_the_same_tokens()
    {
        string[] texts = [.. FuzzedText.Many(seed: 6, count: 400)];
        var expected = texts.Select(trained.Encode).ToArray();
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < texts.Length; i++)
                trained.Encode(texts[i]).Should().Equal(expected[i]);
        });
    }

    [Fact]
    public void JSON_brings_the_same_tokenizer_back()
    {
        var other = UnigramTokenizer.Train(corpus, 700, ["<x>"], new() { CharacterCoverage = 0.9 },
            new() { AddsLeadingSpace = true, ReadsSpecialTokens = false, Special = new() { Padding = 0 } });
        foreach (var tokenizer in (UnigramTokenizer[])[trained, other])
        {
            var again = (UnigramTokenizer)Tokenizer.FromJson(tokenizer.ToJson());
            again.ToJson().Should().Be(tokenizer.ToJson());
            again.Special.Should().Be(tokenizer.Special);
            again.Options.AddsLeadingSpace.Should().Be(tokenizer.Options.AddsLeadingSpace);
            foreach (var text in FuzzedText.Many(seed: 7, count: 300))
                again.Encode(text).Should().Equal(tokenizer.Encode(text));
        }
    }

    [Fact]
    public void A_model_is_saved_and_loaded_with_it()
    {
        using var temporary = new TemporaryFolder();
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = trained.Count, EmbeddingSize = 4, HiddenSize = 8 }, new RandomGenerator(1))
        {
            Tokenizer = trained,
        };
        model.Save(temporary.File("model.safetensors"));
        using var loaded = LanguageModel.Load(temporary.File("model.safetensors"));
        loaded.Tokenizer!.ToJson().Should().Be(trained.ToJson());
        loaded.Generate("a \u20AC", 5).Should().Be(model.Generate("a \u20AC", 5));
    }

    [Fact]
    public void Runs_of_unknown_characters_are_one_token_where_there_are_no_bytes()
    {
        const string parts = "\"bytes\":[],\"tokens\":[\"<unk>\",\" a\",\"b\"],\"scores\":[0,-1,-2]";
        var tokenizer = Parse("{\"unknown\":0}", "[0]", parts);
        tokenizer.Encode(" abxyb\u20ACz zb").Should().Equal(1, 2, 0, 2, 0, 0, 2);
        tokenizer.EncodeWithOffsets(" abxyb\u20ACz zb").Ranges.Should().Equal(0..2, 2..3, 3..5, 5..6, 6..8, 8..10, 10..11);
        tokenizer.CanEncode(" ab").Should().BeTrue();
        tokenizer.CanEncode("x").Should().BeFalse();
        Parse("{}", "[]", "\"bytes\":[],\"tokens\":[\"a\"],\"scores\":[-1]").Invoking(t => t.Encode("a ab")).Should()
            .Throw<ArgumentException>().WithMessage("UnigramTokenizer: the vocabulary has no piece for ' ' at position 1,*");
    }

    [Theory]
    [InlineData("\"bytes\":[],\"tokens\":[\"a\"],\"scores\":[]", "*'scores' should have a number for each of 1 token; got 0.")]
    [InlineData("\"bytes\":[0],\"tokens\":[\"a\"],\"scores\":[0]", "*a token for each of the 256 bytes, or none.")]
    [InlineData("\"bytes\":[1],\"tokens\":[\"a\"],\"scores\":[0]", "*tokens should be in [0, 1); got 1.")]
    [InlineData("\"bytes\":[],\"tokens\":[\"a\",\"a\"],\"scores\":[0,0]", "*the token 'a' is listed twice.")]
    [InlineData("\"bytes\":[],\"tokens\":[\"\"],\"scores\":[0]", "*token 0, '', is not a piece.")]
    [InlineData("\"bytes\":[],\"tokens\":[\"a b\"],\"scores\":[0]", "*token 0, 'a b', goes beyond a word;*")]
    [InlineData("\"bytes\":[],\"tokens\":[\"a\\n\"],\"scores\":[0]", "*goes beyond a word;*")]
    [InlineData("\"bytes\":[],\"tokens\":[\"a\"],\"scores\":[1e99]", "*the score of token 0, 'a', should be a finite number.")]
    [InlineData("\"bytes\":[],\"tokens\":[\"a\"],\"scores\":[null]", "*")]
    public void Wrong_JSON_is_an_error(string parts, string message) =>
        FluentActions.Invoking(() => Parse("{}", "[]", parts)).Should().Throw<FormatException>().WithMessage(message);

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_with_its_place()
    {
        trained.Invoking(t => t.Encode("ab\uD83D")).Should().Throw<ArgumentException>()
            .WithMessage("UnigramTokenizer: the text has an unpaired surrogate, U+D83D, at position 2.*");
        trained.Invoking(t => t.EncodeWithOffsets("\uDE00")).Should().Throw<ArgumentException>().WithMessage("*at position 0.*");
        FluentActions.Invoking(() => UnigramTokenizer.Train(["a", "b\uD83D"], 300)).Should().Throw<ArgumentException>()
            .WithMessage("UnigramTokenizer.Train: the text has an unpaired surrogate, U+D83D, at position 1.*");
    }

    [Fact]
    public void A_token_outside_is_an_error()
    {
        foreach (var token in (int[])[-1, trained.Count])
        {
            trained.Invoking(t => t.Decode(token)).Should().Throw<ArgumentOutOfRangeException>()
                .WithMessage($"UnigramTokenizer: tokens are in [0, {trained.Count}); got {token}.*");
            trained.Invoking(t => t.Score(token)).Should().Throw<ArgumentOutOfRangeException>();
            trained.Invoking(t => t.NewDecoder().Append(token)).Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Theory]
    [InlineData(" a b", " a| b")]
    [InlineData("a  b ", "a| | b| ")]
    [InlineData("a\n\tb\u00A0c", "a|\n|\t|b|\u00A0|c")]
    [InlineData(" \nx", " |\n|x")]
    public void Words_begin_at_spaces_and_other_white_space_stands_alone(string text, string words)
    {
        var parts = new List<string>();
        for (var at = 0; at < text.Length; at += parts[^1].Length)
            parts.Add(text.Substring(at, SpacedWords.LengthOfFirst(text.AsSpan(at))));
        string.Join('|', parts).Should().Be(words);
    }

    private static UnigramTokenizer Parse(string special, string specialTokens, string parts) =>
        (UnigramTokenizer)Tokenizer.FromJson("{\"kind\":\"unigram\",\"leadingSpace\":false,\"readsSpecialTokens\":true,"
            + $"\"special\":{special},\"specialTokens\":{specialTokens},{parts}}}");
}
