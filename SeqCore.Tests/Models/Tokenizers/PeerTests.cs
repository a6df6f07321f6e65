using System.Globalization;
using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Tokens are those of Microsoft.ML.Tokenizers, where it follows the definitions too.</summary>
public class PeerTests
{
    [Fact]
    public void Byte_pairs_of_a_vocabulary_of_our_own_are_the_same()
    {
        // .NET's Regex, which splits words there, takes letters outside the basic plane for other characters.
        string[] corpus = [.. FuzzedText.Many(seed: 19, count: 2_000)];
        foreach (var size in (int[])[256, 300, 1_000, 3_000])
        {
            var tokenizer = BytePairTokenizer.Train(corpus, size);
            var peer = Peers.BytePairs(tokenizer);
            foreach (var text in FuzzedText.Many(seed: 20 + size, count: 2_000, hasOutsideLetters: false))
                tokenizer.Encode(text).Should().Equal(peer.EncodeToIds(text));
        }
    }

    [Fact]
    public void Unigrams_of_a_vocabulary_of_our_own_are_the_same_or_as_probable()
    {
        string[] corpus = [.. FuzzedText.Many(seed: 23, count: 2_000)];
        foreach (var size in (int[])[700, 1_500])
        {
            var tokenizer = UnigramTokenizer.Train(corpus, size, ["<unk>", "<s>", "</s>"],
                new() { CharacterCoverage = 0.95 }, new() { ReadsSpecialTokens = false });
            var peer = Peers.Unigrams(tokenizer);
            var same = 0;
            foreach (var text in FuzzedText.Many(seed: 24 + size, count: 2_000))
            {
                var (tokens, others) = (tokenizer.Encode(text), peer.EncodeToIds(text, false, false));
                same += tokens.SequenceEqual(others) ? 1 : 0;

                // The peer adds up the scores of a text, and this tokenizer those of a word, which rounds otherwise.
                others.Sum(t => (double)tokenizer.Score(t)).Should()
                    .BeApproximately(tokens.Sum(t => (double)tokenizer.Score(t)), 1e-3, text);
                tokenizer.Decode([.. others]).Should().Be(text);
            }

            same.Should().BeGreaterThan(1_950);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Word_pieces_of_a_small_vocabulary_are_the_same(bool isLowercase)
    {
        string[] letters = [.. Enumerable.Range('!', 94).Select(c => $"{(char)c}"), "\u4E2D", "\u00E9", "\u3042", "\u0439"];
        var tokenizer = new WordPieceTokenizer(
            [.. SpecialToken.Names, .. letters, .. letters.Select(l => "##" + l), "the", "##ing", "##er", "lo"],
            isLowercase, stripsAccents: false);
        Compare(tokenizer, seed: 21, count: 4_000);
    }

    [Theory]
    [InlineData("bert_base_cased_vocab.txt.gz", false)]
    [InlineData("bert_base_uncased_vocab.txt.gz", true)]
    public void Word_pieces_of_BERT_s_own_vocabularies_are_the_same(string file, bool isLowercase)
    {
        var vocabulary = WordPieceTokenizer.ReadVocabulary(DataFolder.Path("bert-vocab", file), isLowercase).Vocabulary;
        Compare(new WordPieceTokenizer(vocabulary, isLowercase, stripsAccents: false), seed: 22, count: 4_000);
    }

    private static void Compare(WordPieceTokenizer tokenizer, int seed, int count)
    {
        var peer = Peers.WordPieces(tokenizer);
        foreach (var text in FuzzedText.Many(seed, count).Select(Common))
            tokenizer.Encode(text).Should().Equal(peer.EncodeToIds(text, addSpecialTokens: false), text);
    }

    /// <summary>
    /// Replaces what the peer treats otherwise than BERT does: it keeps only what .NET's Regex takes for the characters of words
    /// or for punctuation, so that symbols, numbers that are no digits and characters outside the basic plane are lost; it joins
    /// _ to words, does not separate at tabs and new lines, keeps characters of the category Cf, leaves title case and the dotted
    /// capital I as they are, and decomposes nothing where globalization is invariant. The tests of <see cref="BertWords"/>
    /// compare these with goldens.
    /// </summary>
    private static string Common(string text) => string.Concat(text.EnumerateRunes().Select(r =>
        r.IsBmp && r.Value is not (0xFFFD or 0x130) && Rune.GetUnicodeCategory(r) is UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.SpaceSeparator
            or (>= UnicodeCategory.DashPunctuation and <= UnicodeCategory.OtherPunctuation)
            ? r.ToString() : " "));
}
