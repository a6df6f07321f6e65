using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public sealed class TokenizerTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    public static TheoryData<Tokenizer> Tokenizers =>
    [
        new CharacterTokenizer("ab\n\"\\é\U0001F3B5"),
        new MarkedCharacterTokenizer("ab\n\"\\é\U0001F3B5"),
        new WordTokenizer("The cat sat on the mat, didn't it?", isLowercase: false),
        BytePairTokenizer.Train(["ab ab\n\"\\é\U0001F3B5"], 270, ["<|endoftext|>"], minimumFrequency: 1),
        new WordPieceTokenizer(["[PAD]", "[UNK]", "a", "##b", "\"", "\\"]),
        UnigramTokenizer.Train(["ab ab\n\"\\é\U0001F3B5"], 300, ["<|endoftext|>"]),
    ];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void A_file_brings_the_same_tokenizer_back(Tokenizer tokenizer)
    {
        var path = temporary.File("tokenizer.json");
        tokenizer.Save(path);
        var again = Tokenizer.Load(path);
        again.Should().BeOfType(tokenizer.GetType());
        again.ToJson().Should().Be(tokenizer.ToJson());
        again.Encode("ab").Should().Equal(tokenizer.Encode("ab"));
    }

    [Theory]
    [InlineData("{", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("[]", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("{}", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("""{"kind":"words","lowercase":true,"words":["a","a"]}""", "Tokenizer: *the word 'a' is listed twice*")]
    [InlineData("""{"kind":"characters","characters":null}""", "Tokenizer: *'characters' should be a text, got null.")]
    [InlineData("""{"kind":"marked-characters","characters":null}""", "Tokenizer: *'characters' should be a text, got null.")]
    [InlineData("""{"kind":"characters","characters":"aa"}""", "Tokenizer: *should have each character once*")]
    [InlineData("""{"kind":"characters","characters":"ba"}""", "Tokenizer: *in ascending order*")]
    [InlineData("""{"kind":"marked-characters","characters":"aa"}""", "Tokenizer: *should have each character once*")]
    [InlineData("""{"kind":"words","lowercase":1,"words":[]}""", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("""{"kind":"byte-pairs"}""", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("""{"kind":"unigram"}""", "Tokenizer: the JSON does not describe a tokenizer: *")]
    [InlineData("""{"kind":"word-pieces","lowercase":true,"stripsAccents":true,"specialTokens":[],"vocabulary":["a"]}""",
        "Tokenizer: the JSON does not describe a tokenizer: *should have [UNK]*")]
    [InlineData("""{"kind":"syllables"}""", "Tokenizer: the kind 'syllables' is not registered;"
        + " the registered kinds are byte-pairs, characters, *words. Hint: call Tokenizer.Register*")]
    public void A_text_that_describes_no_tokenizer_is_an_error(string json, string message)
    {
        FluentActions.Invoking(() => Tokenizer.FromJson(json)).Should().Throw<FormatException>().WithMessage(message);
        var path = temporary.Write("tokenizer.json", System.Text.Encoding.UTF8.GetBytes(json));
        FluentActions.Invoking(() => Tokenizer.Load(path))
            .Should().Throw<DataSourceException>().WithMessage($"'{path}' is not a tokenizer's file. {message}");
    }

    [Fact]
    public void A_registered_custom_kind_is_found()
    {
        Tokenizer.Register("letters", _ => new Letters());
        Tokenizer.FromJson(new Letters().ToJson()).Should().BeOfType<Letters>();
        FluentActions.Invoking(() => Tokenizer.Register("letters", _ => new Letters())).Should().Throw<ArgumentException>()
            .WithMessage("Tokenizer.Register: the kind 'letters' is registered already.*");
    }

    [Fact]
    public void A_tokenizer_knows_which_texts_have_no_unknown_part()
    {
        new CharacterTokenizer("abc").CanEncode("cab").Should().BeTrue();
        new CharacterTokenizer("abc").CanEncode("cabx").Should().BeFalse();
        new WordTokenizer("the cat").CanEncode("The cat").Should().BeTrue();
        new WordTokenizer("the cat").CanEncode("the dog").Should().BeFalse();
    }

    public static TheoryData<string, int, Action<string>> Readers()
    {
        var data = new TheoryData<string, int, Action<string>>();
        (string, int)[] texts = [("a\uD83D", 1), ("\uDE00b", 0), ("\U0001F600ab\uD83Dc", 4), ("\uDE00\uD83D", 0)];
        foreach (var (text, at) in texts)
        {
            data.Add(text, at, t => _ = new CharacterTokenizer(t));
            data.Add(text, at, t => _ = new MarkedCharacterTokenizer(t));
            data.Add(text, at, t => _ = new WordTokenizer(t));
            data.Add(text, at, t => BytePairTokenizer.Train([], 256).Encode(t));
            data.Add(text, at, t => new WordPieceTokenizer(["[UNK]"]).Encode(t));
            data.Add(text, at, t => new CharacterTokenizer("abc\uFFFD\U0001F600").Encode(t));
            data.Add(text, at, t => new MarkedCharacterTokenizer("abc\uFFFD\U0001F600").Encode(t));
            data.Add(text, at, t => new WordTokenizer("a b c \uFFFD").Encode(t));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Readers), DisableDiscoveryEnumeration = true)]
    public void Half_of_a_surrogate_pair_is_refused_with_its_place_and_not_replaced(string text, int at, Action<string> read) =>
        read.Invoking(r => r(text)).Should().Throw<ArgumentException>().WithParameterName("text").WithMessage(
            $"*Tokenizer: the text has an unpaired surrogate, U+{(int)text[at]:X4}, at position {at}. Hint: *");

    [Fact]
    public void A_text_with_half_of_a_surrogate_pair_is_not_known() =>
        new CharacterTokenizer("a\uFFFD").CanEncode("a\uD83D").Should().BeFalse();

    [Fact]
    public void A_corpus_takes_any_tokenizer()
    {
        var corpus = new TextCorpus("a b a b c", "text", new WordTokenizer("a b"));
        corpus.Tokens.ToArray().Should().Equal(5, 6, 5, 6, SpecialToken.Unknown);
        corpus.Tokenizer.Should().BeOfType<WordTokenizer>();
    }

    [Fact]
    public void Masking_needs_a_mask_token() =>
        FluentActions.Invoking(() => new TokenMasking(new CharacterTokenizer("abc"), new RandomGenerator(1)))
            .Should().Throw<ArgumentException>()
            .WithMessage("TokenMasking: the tokenizer has no mask token. Hint: *");

    private sealed class Letters : Tokenizer
    {
        public override string Kind => "letters";

        public override int Count => 26;

        public override int[] Encode(string text) => [.. text.Select(c => c - 'a')];

        public override string Decode(ReadOnlySpan<int> tokens) => string.Concat(tokens.ToArray().Select(t => (char)('a' + t)));

        protected override void Write(Utf8JsonWriter json)
        {
        }
    }
}
