using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public sealed class HuggingFaceTokenizerTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Byte_pairs_of_GPT_2_are_read()
    {
        var tokenizer = (BytePairTokenizer)Read(HuggingFaceFiles.Gpt2);
        tokenizer.Encode("abab ab\u00E9<|endoftext|>ba").Should().Equal(8, 4, 7, 9, 1, 0);
        tokenizer.Decode([8, 4, 7, 9, 1, 0]).Should().Be("abab ab\u00E9<|endoftext|>ba");
        tokenizer.Special.Should().Be(new SpecialTokens { Start = 9, End = 9 });
        tokenizer.Options.AddsLeadingSpace.Should().BeFalse();
        tokenizer.Invoking(t => t.Encode("ab c")).Should().Throw<ArgumentException>().WithMessage("BytePairTokenizer: the"
            + " vocabulary has no token for the byte 0x63 of ' c' at position 2, and none for unknown parts.");
    }

    [Fact]
    public void Byte_pairs_of_RoBERTa_are_read()
    {
        var tokenizer = Read(HuggingFaceFiles.Roberta);
        tokenizer.Special.Should().Be(new SpecialTokens { Start = 0, End = 1, Unknown = 2 });
        tokenizer.Encode("a\u00E9", new EncodingOptions { AddStartAndEnd = true }).Should().Equal(0, 5, 2, 2, 1);
        tokenizer.EncodeWithOffsets("a\u00E9").Ranges.Should().Equal(0..1, 1..2, 1..2);
    }

    [Fact]
    public void Word_pieces_of_BERT_are_read()
    {
        var tokenizer = (WordPieceTokenizer)Read(HuggingFaceFiles.Bert);
        tokenizer.Encode("UNDO \u00C9 [X]x", new EncodingOptions { AddStartAndEnd = true }).Should().Equal(2, 4, 5, 6, 7, 1, 3);
        (tokenizer.IsLowercase, tokenizer.StripsAccents).Should().Be((true, true));
        ((WordPieceTokenizer)Read(HuggingFaceFiles.With(HuggingFaceFiles.Bert, "normalizer.strip_accents", "false")))
            .StripsAccents.Should().BeFalse();
        ((WordPieceTokenizer)Read(HuggingFaceFiles.With(HuggingFaceFiles.Bert, "normalizer.lowercase", "false")))
            .StripsAccents.Should().BeFalse();
        Tokenizer.FromJson(tokenizer.ToJson()).Encode("[X]").Should().Equal(7);
    }

    [Fact]
    public void Unigrams_are_read()
    {
        var tokenizer = (UnigramTokenizer)Read(HuggingFaceFiles.Unigram);
        tokenizer.Encode("ab aab", new EncodingOptions { AddStartAndEnd = true }).Should().Equal(2, 5, 3, 4, 6);
        tokenizer.Encode("ab</s>xya").Should().Equal(2, 6, 1, 0, 3);
        tokenizer.Decode([2, 5, 3, 4]).Should().Be(" ab aab");
        tokenizer.Special.Should().Be(new SpecialTokens { Unknown = 0, End = 6 });
        tokenizer.Score(2).Should().Be(-4.25f);
        ((UnigramTokenizer)Read(HuggingFaceFiles.With(HuggingFaceFiles.Unigram, "pre_tokenizer.prepend_scheme", "\"never\"")))
            .Encode("ab").Should().Equal(3, 4);
    }

    [Theory]
    [InlineData("normalizer", """{"type":"Precompiled"}""", "The normalizer 'Precompiled' is not supported; supported: none.")]
    [InlineData("pre_tokenizer", "null", "The pre_tokenizer 'none' is not supported; supported: Metaspace.")]
    [InlineData("pre_tokenizer.type", "\"Sequence\"", "The pre_tokenizer 'Sequence' is not supported; supported: Metaspace.")]
    [InlineData("pre_tokenizer.split", "false", "The pre_tokenizer.split 'false' is not supported; supported: true.")]
    [InlineData("pre_tokenizer.replacement", "\"_\"", "The pre_tokenizer.replacement '_' is not supported; *: \u2581.")]
    [InlineData("pre_tokenizer.prepend_scheme", "\"first\"", "The pre_tokenizer.prepend_scheme 'first' is not supported;*")]
    [InlineData("decoder.type", "\"WordPiece\"", "The decoder 'WordPiece' is not supported; supported: Metaspace.")]
    [InlineData("model.byte_fallback", "true", "The vocabulary lacks the byte '<0x00>', which byte_fallback needs.")]
    [InlineData("model.unk_id", "6", "The model.unk_id 6 is not one of the 6 pieces.")]
    [InlineData("model.vocab", "[[\"a\"]]", "A piece should have a text and a score; got [\"a\"].")]
    [InlineData("model.vocab.3.0", "\"\\u2581a\"", "It is not such a file: *the token ' a' is listed twice.")]
    [InlineData("model.vocab.3.0", "\"a\\u2581b\"", "It is not such a file: *goes beyond a word;*")]
    [InlineData("added_tokens.0.id", "1", "The added token '\u2581' has the number 1 of another, or leaves a gap.")]
    [InlineData("added_tokens.1.id", "8", "The added token '</s>' has the number 8 of another, or leaves a gap.")]
    public void What_unigrams_do_not_support_is_named(string place, string value, string message) =>
        Refuse(HuggingFaceFiles.With(HuggingFaceFiles.Unigram, place, value), message);

    [Theory]
    [InlineData("normalizer", """{"type":"NFC"}""", "The normalizer 'NFC' is not supported; supported: none.")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace"}""", "The pre_tokenizer 'Metaspace' is not supported; *: ByteLevel.")]
    [InlineData("pre_tokenizer", "null", "The pre_tokenizer 'none' is not supported; supported: ByteLevel.")]
    [InlineData("pre_tokenizer.use_regex", "false", "The pre_tokenizer.use_regex 'false' is not supported; supported: true.")]
    [InlineData("decoder", """{"type":"Fuse"}""", "The decoder 'Fuse' is not supported; supported: ByteLevel.")]
    [InlineData("post_processor", """{"type":"Sequence"}""", "The post_processor 'Sequence' is not supported; *: ByteLevel,*")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[]}""", "The post_processor.single '[]' is not*")]
    [InlineData("post_processor", """{"type":"BertProcessing","cls":["x",0],"sep":["x",0]}""", "*adds the token 'x', *")]
    [InlineData("model.type", "\"WordLevel\"", "The model 'WordLevel' is not supported; supported: BPE, WordPiece and Unigram.")]
    [InlineData("model.byte_fallback", "true", "The model.byte_fallback 'true' is not supported; supported: false.")]
    [InlineData("model.ignore_merges", "true", "The model.ignore_merges 'true' is not supported; supported: false.")]
    [InlineData("model.dropout", "0.1", "The model.dropout '0.1' is not supported; supported: null.")]
    [InlineData("model.end_of_word_suffix", "\"_\"", "The model.end_of_word_suffix '\"_\"' is not supported; supported: null.")]
    [InlineData("added_tokens.0.lstrip", "true", "The added token '<|endoftext|>' with lstrip 'true' is not supported*")]
    [InlineData("added_tokens.0.id", "\"9\"", "It is not such a file: *")]
    [InlineData("model.vocab.a", "1", "The tokens should have the numbers from 0 to 9, each once; * has 1.")]
    [InlineData("model.vocab.a", "11", "The tokens should have the numbers from 0 to 9, each once; 'a' has 11.")]
    [InlineData("model.vocab.a", "\"0\"", "The token 'a' should have a number; got \"0\".")]
    [InlineData("model.vocab", "[]", "The vocabulary should be an object with the number of each token.")]
    [InlineData("model.merges", "[\"a x\"]", "The vocabulary lacks the token 'x' of merge 0, 'a x'.")]
    [InlineData("model.merges", "[\"b a\"]", "The vocabulary lacks the token 'ba' of merge 0, 'b a'.")]
    [InlineData("model.merges", "[\"ab\"]", "A merge should have two tokens; got \"ab\".")]
    [InlineData("model.merges", "[[\"a\"]]", "A merge should have two tokens; got [\"a\"].")]
    public void What_byte_pairs_do_not_support_is_named(string place, string value, string message) =>
        Refuse(HuggingFaceFiles.With(HuggingFaceFiles.Gpt2, place, value), message);

    [Theory]
    [InlineData("normalizer", "null", "The normalizer 'none' is not supported; supported: BertNormalizer.")]
    [InlineData("normalizer.clean_text", "false", "The normalizer.clean_text 'false' is not supported; supported: true.")]
    [InlineData("pre_tokenizer.type", "\"Whitespace\"", "The pre_tokenizer 'Whitespace' is not supported; *: BertPreTokenizer.")]
    [InlineData("model.unk_token", "\"?\"", "The model.unk_token '?' is not supported; supported: [UNK].")]
    [InlineData("model.continuing_subword_prefix", "\"@\"", "The model.continuing_subword_prefix '@' is not*supported: ##.")]
    [InlineData("model.max_input_chars_per_word", "50", "The model.max_input_chars_per_word '50' is not*supported: 100.")]
    [InlineData("post_processor", """{"type":"BertProcessing","cls":["un",4],"sep":["[SEP]",3]}""", "*first token 'un'*[CLS].")]
    [InlineData("added_tokens.0.normalized", "true", "The added token '[PAD]' with normalized 'true' is not supported; *")]
    public void What_word_pieces_do_not_support_is_named(string place, string value, string message) =>
        Refuse(HuggingFaceFiles.With(HuggingFaceFiles.Bert, place, value), message);

    [Theory]
    [InlineData("", "It is not such a file: *")]
    [InlineData("[]", "The file should be an object.")]
    [InlineData("{}", "The file lacks 'model'.")]
    [InlineData("""{"model":3}""", "It is not such a file: *")]
    [InlineData("""{"kind":"words","model":{}}""", "The model '' is not supported; supported: BPE, WordPiece and Unigram.")]
    public void Another_file_is_refused(string json, string message) => Refuse(json, message);

    private Tokenizer Read(string json) =>
        HuggingFaceTokenizer.Read(temporary.Write("tokenizer.json", Encoding.UTF8.GetBytes(json)));

    private void Refuse(string json, string message) => FluentActions.Invoking(() => Read(json)).Should()
        .Throw<DataSourceException>().WithMessage($"*tokenizer.json' cannot be read as a tokenizer of Hugging Face. {message}");
}
