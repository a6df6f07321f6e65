using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.BytePair;

public class BytePairTokenizerTests
{
    private const string End = "<|endoftext|>";

    private static readonly string[] corpus = [.. FuzzedText.Many(seed: 2, count: 3_000)];

    private static readonly BytePairTokenizer trained = BytePairTokenizer.Train(corpus, 900, [End, "<pad>"]);

    [Fact]
    public void Every_text_comes_back_from_its_tokens()
    {
        foreach (var text in FuzzedText.Many(seed: 3, count: 5_000))
            trained.Decode(trained.Encode(text)).Should().Be(text);
        trained.Encode("").Should().BeEmpty();
        trained.Decode([]).Should().BeEmpty();
    }

    [Fact]
    public void Tokens_are_the_special_ones_then_bytes_in_GPT_2_s_order_then_merges()
    {
        var tokenizer = BytePairTokenizer.Train(["aaa aaa"], 260, ["<s>"], minimumFrequency: 2);
        tokenizer.Decode(0).Should().Be("<s>");
        tokenizer.Decode(1).Should().Be("!");
        tokenizer.Encode("a").Should().Equal(1 + 'a' - '!');
        tokenizer.BytesOf(1 + 188).ToArray().Should().Equal(0);
        tokenizer.Count.Should().Be(259, "space and a are found only once");
        tokenizer.Decode(257).Should().Be("aa");
        tokenizer.Decode(258).Should().Be("aaa");
    }

    [Fact]
    public void A_merge_of_three_equal_tokens_takes_the_left_two()
    {
        var tokenizer = BytePairTokenizer.Train(["aaa"], 257, minimumFrequency: 1);
        tokenizer.Encode("aaa").Select(tokenizer.Decode).Should().Equal("aa", "a");
        tokenizer.Encode("aaaa").Select(tokenizer.Decode).Should().Equal("aa", "aa");
    }

    [Fact]
    public void Earlier_merges_come_first_from_the_left()
    {
        var tokenizer = BytePairTokenizer.Train(["low low low low low lower lower newest newest newest newest newest newest"
            + " widest widest widest"], 265, minimumFrequency: 2);

        // e s and es t are found 9 times; l o, o w and then lo w 7 times, and the smaller left token is first; the others
        // 6 times, where the space comes after the letters.
        Enumerable.Range(256, 9).Select(tokenizer.Decode).Should()
            .Equal("es", "est", "lo", "low", "ew", "new", " low", " new", " newest");
        tokenizer.Encode("lowest").Select(tokenizer.Decode).Should().Equal("low", "est");
    }

    [Fact]
    public void Special_tokens_may_be_written_unless_the_options_forbid_it()
    {
        trained.SpecialTokenNames.Should().Equal(End, "<pad>");
        trained.Special.Should().Be(new SpecialTokens { Start = 0, End = 0, Padding = 1 });
        var tokens = trained.Encode($"a{End}{End} b<pad>");
        tokens.Where(t => t < 2).Should().Equal(0, 0, 1);
        trained.Decode(tokens).Should().Be($"a{End}{End} b<pad>");

        var safe = BytePairTokenizer.Train(corpus, 400, [End], options: new() { ReadsSpecialTokens = false });
        safe.Encode($"a{End}").Should().NotContain(0);
        safe.Decode(safe.Encode($"a{End}")).Should().Be($"a{End}");
        var own = BytePairTokenizer.Train(corpus, 400, ["[A]", "[A]B"], options: new() { Special = new() { Mask = 1 } });
        own.Special.Should().Be(new SpecialTokens { Mask = 1 });
        own.Encode("[A]B[A]").Should().Equal([1, 0], "the longer name is found");
    }

    [Fact]
    public void A_leading_space_makes_the_first_word_like_others()
    {
        var tokenizer = BytePairTokenizer.Train(["the cat the cat"], 300, [End], options: new() { AddsLeadingSpace = true });
        tokenizer.Encode("cat").Should().Equal(tokenizer.Encode(" cat"));
        tokenizer.Decode(tokenizer.Encode($"cat{End}the")).Should().Be($" cat{End} the");
        var tokenized = tokenizer.EncodeWithOffsets("cat the");
        tokenized.Tokens.Should().Equal(tokenizer.Encode("cat the"));
        tokenized.Ranges.Should().Equal(0..3, 3..7);
        BytePairTokenizer.Train(["x"], 256, options: new() { AddsLeadingSpace = true }).EncodeWithOffsets("ab").Ranges
            .Should().Equal(0..0, 0..1, 1..2);
    }

    [Fact]
    public void Tokens_of_the_bytes_of_a_character_all_have_it()
    {
        var bytes = BytePairTokenizer.Train([], 256);
        bytes.EncodeWithOffsets("a\u20AC\U0001F600").Ranges.Should().Equal(0..1, 1..2, 1..2, 1..2, 2..4, 2..4, 2..4, 2..4);
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
    public void A_long_word_is_merged_as_a_short_one_is()
    {
        var tokenizer = BytePairTokenizer.Train(["abab abcabc bca cab aaab bbbba"], 290, minimumFrequency: 1);
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(60, 300)).Select(_ => (char)('a' + random.Next(3))));
            tokenizer.Encode(word).Should().Equal(BytePairReference.Merge(word, tokenizer));
        }
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
    public void Many_different_words_do_not_fill_the_memory_and_change_no_token()
    {
        var bytes = BytePairTokenizer.Train([], 256);
        var text = string.Join(' ', Enumerable.Range(0, 150_000));
        bytes.Decode(bytes.Encode(text)).Should().Be(text);
    }

    [Fact]
    public void JSON_brings_the_same_tokenizer_back()
    {
        var other = BytePairTokenizer.Train(corpus, 500, ["<x>"],
            options: new() { AddsLeadingSpace = true, ReadsSpecialTokens = false, Special = new() { Padding = 0 } });
        foreach (var tokenizer in (BytePairTokenizer[])[trained, other])
        {
            var again = (BytePairTokenizer)Tokenizer.FromJson(tokenizer.ToJson());
            again.ToJson().Should().Be(tokenizer.ToJson());
            again.Special.Should().Be(tokenizer.Special);
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

    [Theory]
    [InlineData("\"tokens\":[\"a\",\"b\",\"ab\"],\"merges\":[0,1]", "*three numbers for each merge; got 2 in all.")]
    [InlineData("\"tokens\":[\"a\",\"b\",\"ab\"],\"merges\":[1,0,2]", "*merge 0 of tokens 1 and 0 is not token 2.")]
    [InlineData("\"tokens\":[\"a\",\"b\",\"ab\"],\"merges\":[0,1,3]", "*tokens should be in [0, 3); got 3.")]
    [InlineData("\"tokens\":[\"a\",\"b\",\"ab\"],\"merges\":[0,1,1.5]", "*tokens should be in [0, 3); got 1.5.")]
    [InlineData("\"tokens\":[\"a b\"],\"merges\":[]", "*Token 0, 'a b', is not written in GPT-2's characters for bytes.")]
    [InlineData("\"tokens\":[\"\"],\"merges\":[]", "*Token 0, '', is not written in*")]
    public void Wrong_JSON_is_an_error(string parts, string message) =>
        FluentActions.Invoking(() => Tokenizer.FromJson("""{"kind":"byte-pairs","leadingSpace":false,"readsSpecialTokens":true,"""
            + $"\"special\":{{}},\"specialTokens\":[],{parts}}}"))
            .Should().Throw<FormatException>().WithMessage("Tokenizer: " + message);

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_with_its_place()
    {
        trained.Invoking(t => t.Encode("ab\uD83D")).Should().Throw<ArgumentException>()
            .WithMessage("BytePairTokenizer: the text has an unpaired surrogate, U+D83D, at position 2.*");
        trained.Invoking(t => t.EncodeWithOffsets("\uDE00")).Should().Throw<ArgumentException>().WithMessage("*at position 0.*");
        FluentActions.Invoking(() => BytePairTokenizer.Train(["a", "b\uD83D"], 256)).Should().Throw<ArgumentException>()
            .WithMessage("BytePairTokenizer.Train: the text has an unpaired surrogate, U+D83D, at position 1.*");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(900)]
    public void A_token_outside_is_an_error(int token)
    {
        trained.Invoking(t => t.Decode(token)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage($"BytePairTokenizer: tokens are in [0, 900); got {token}.*");
        trained.Invoking(t => t.NewDecoder().Append(token)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Tokens_that_meet_within_letters_are_in_one_word()
    {
        var bytes = BytePairTokenizer.Train([], 257, [End]);
        var tokens = bytes.Encode("ab 1.\u00E9");
        Enumerable.Range(0, tokens.Length - 1).Select(i => bytes.AreInSameWord(tokens[i], tokens[i + 1]))
            .Should().Equal(true, false, false, false, false, true);
        bytes.AreInSameWord(0, tokens[0]).Should().BeFalse();
    }
}
