using System.Text;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Tokenizers.WordPiece;

public sealed class WordPieceTokenizerTests : IDisposable
{
    private static readonly string[] vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##want", "##ed", "want", "runn", "##ing", ",", "low", "lower",
        "##est", "e", "cafe", "\u4E2D", "##\u4E2D", "!", "#", "##", "###",
    ];

    private static readonly WordPieceTokenizer uncased = new(vocabulary);

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("UNwanted, running", "un|##want|##ed|,|runn|##ing")]
    [InlineData("lowerest lowest", "lower|##est|low|##est")]
    [InlineData("unknown low", "[UNK]|low")]
    [InlineData("Caf\u00E9 cafe\u0301 CAF\u00C9", "cafe|cafe|cafe")]
    [InlineData("low\u4E2Dlow", "low|\u4E2D|low")]
    [InlineData("lo\u200Bw\u0007 \u00A0e", "low|e")]
    [InlineData("[CLS] low[MASK][SEP]", "[CLS]|low|[MASK]|[SEP]")]
    [InlineData("[mask]", "[UNK]|[UNK]|[UNK]")]
    [InlineData("## !", "#|#|!")]
    [InlineData("", "")]
    [InlineData(" \n", "")]
    public void Words_become_the_longest_pieces(string text, string pieces) =>
        string.Join('|', uncased.Encode(text).Select(t => uncased.Vocabulary[t])).Should().Be(pieces);

    [Fact]
    public void A_cased_vocabulary_keeps_capitals_and_accents()
    {
        var cased = new WordPieceTokenizer(["[UNK]", "Caf", "##\u00E9", "low"], isLowercase: false);
        cased.Encode("Caf\u00E9 low LOW cafe\u0301").Should().Equal(1, 2, 3, 0, 0);
        var accents = new WordPieceTokenizer(["[UNK]", "caf\u00E9", "i\u0307"], isLowercase: true, stripsAccents: false);
        accents.Encode("CAF\u00C9 \u0130").Should().Equal(1, 2);
        (cased.StripsAccents, accents.StripsAccents, uncased.StripsAccents).Should().Be((false, false, true));
    }

    [Fact]
    public void A_word_of_more_than_100_characters_is_unknown()
    {
        var tokenizer = new WordPieceTokenizer(["[UNK]", "a", "##a", "\U0001D400", "##\U0001D400"], isLowercase: false);
        tokenizer.Encode(new string('a', 100)).Should().HaveCount(100);
        tokenizer.Encode(new string('a', 101)).Should().Equal(0);
        tokenizer.Encode(string.Concat(Enumerable.Repeat("\U0001D400", 100))).Should().HaveCount(100);
        tokenizer.Encode(string.Concat(Enumerable.Repeat("\U0001D400", 101))).Should().Equal(0);
    }

    [Fact]
    public void Special_tokens_are_found_by_their_names()
    {
        uncased.Special.Should().Be(new SpecialTokens { Padding = 0, Unknown = 1, Start = 2, End = 3, Mask = 4 });
        new WordPieceTokenizer(["a", "[MASK]", "[UNK]"]).Special.Should().Be(new SpecialTokens { Unknown = 2, Mask = 1 });
    }

    [Fact]
    public void Ranges_are_those_of_the_text_before_it_was_changed()
    {
        var text = "UNwanted, \u200Bcafe\u0301!\u4E2Dxyz[MASK]";
        var tokenized = uncased.EncodeWithOffsets(text);
        tokenized.Tokens.Should().Equal(uncased.Encode(text));
        tokenized.Ranges.Select(r => text[r]).Should()
            .Equal("UN", "want", "ed", ",", "cafe\u0301", "!", "\u4E2D", "xyz", "[MASK]");
        foreach (var random in FuzzedText.Many(seed: 12, count: 2_000))
        {
            var ranges = uncased.EncodeWithOffsets(random);
            ranges.Tokens.Should().Equal(uncased.Encode(random));
            ranges.Ranges.Where(r => r.Start.Value >= r.End.Value || r.End.Value > random.Length).Should().BeEmpty();
        }
    }

    [Fact]
    public void Decoding_joins_pieces_and_sets_spaces_as_people_do()
    {
        uncased.Decode(uncased.Encode("Unwanted , lowest ! [MASK]")).Should().Be("unwanted, lowest! [MASK]");
        uncased.Decode([6, 7]).Should().Be("wanted");
        uncased.Decode([20, 21]).Should().Be("# ##", "alone, ## is a token like others");
        uncased.AreInSameWord(5, 6).Should().BeTrue();
        uncased.AreInSameWord(5, 8).Should().BeFalse();
        uncased.AreInSameWord(SpecialToken.Mask, 6).Should().BeFalse();
        uncased.Invoking(t => t.Decode(23)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("WordPieceTokenizer: tokens are in [0, 23); got 23.*");
    }

    public static TheoryData<string> Texts => [.. Golden.Read("bert_words.json").GetProperty("texts").EnumerateArray()
        .Select((_, i) => i).Chunk(100).Select(c => $"{c[0]}-{c[^1]}")];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Words_are_those_of_BERT(string from)
    {
        var bounds = from.Split('-').Select(int.Parse).ToArray();
        var goldens = Golden.Read("bert_words.json").GetProperty("texts").EnumerateArray().ToArray();
        foreach (var golden in goldens[bounds[0]..(bounds[1] + 1)])
        {
            var text = golden.GetProperty("text").GetString()!;
            Words(text, false).Should().Equal(Strings(golden.GetProperty("cased")), Escaped(text));
            Words(text, true).Should().Equal(Strings(golden.GetProperty("uncased")), Escaped(text));
        }
    }

    [Fact]
    public void Every_character_loses_its_accents()
    {
        var goldens = Golden.Read("bert_words.json").GetProperty("stripped").EnumerateArray().ToArray();
        goldens.Should().HaveCountGreaterThan(2_100);
        foreach (var golden in goldens)
        {
            var character = golden[0].GetString()!;
            Accents.Strip(Rune.GetRuneAt(character, 0)).Should().Be(golden[1].GetString(), Escaped(character));
        }

        Accents.Strip(new Rune('\u0301')).Should().BeEmpty();
        Accents.Strip(new Rune('\u4E2D')).Should().BeNull();
        Accents.Strip(new Rune('\u00D8')).Should().BeNull("the stroke of O is no accent in Unicode");
    }

    [Fact]
    public void JSON_brings_the_same_tokenizer_back()
    {
        foreach (var tokenizer in (WordPieceTokenizer[])[uncased, new(vocabulary, isLowercase: false, stripsAccents: true)])
        {
            var again = (WordPieceTokenizer)Tokenizer.FromJson(tokenizer.ToJson());
            again.ToJson().Should().Be(tokenizer.ToJson());
            (again.IsLowercase, again.StripsAccents).Should().Be((tokenizer.IsLowercase, tokenizer.StripsAccents));
            foreach (var text in FuzzedText.Many(seed: 13, count: 200))
                again.Encode(text).Should().Equal(tokenizer.Encode(text));
        }
    }

    [Theory]
    [InlineData("a\nb\n", "*vocab.txt' is not a vocabulary of word pieces. WordPieceTokenizer: *should have [UNK]*")]
    [InlineData("[UNK]\na\na\n", "*WordPieceTokenizer: the token 'a' is listed twice.*")]
    [InlineData("[UNK]\n\na\n", "*WordPieceTokenizer: token 1, '', is not a piece.*")]
    public void A_wrong_vocabulary_is_an_error(string lines, string message)
    {
        var path = temporary.Write("vocab.txt", Encoding.UTF8.GetBytes(lines));
        FluentActions.Invoking(() => WordPieceTokenizer.ReadVocabulary(path, true))
            .Should().Throw<DataSourceException>().WithMessage(message);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_vocabulary_is_read_line_by_line(string newLine)
    {
        var path = temporary.Write("vocab.txt", Encoding.UTF8.GetBytes(string.Join(newLine, vocabulary) + newLine));
        WordPieceTokenizer.ReadVocabulary(path, true).Vocabulary.Should().Equal(vocabulary);
    }

    private static List<string> Words(string text, bool isUncased)
    {
        var words = new BertWords(text, 0, text.Length, isUncased, isUncased);
        var result = new List<string>();
        while (words.Next())
            result.Add(words.Word.ToString());
        return result;
    }

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(w => w.GetString()!)];

    private static string Escaped(string text) => string.Join(' ', text.EnumerateRunes().Select(r => $"{r.Value:X4}"));
}
