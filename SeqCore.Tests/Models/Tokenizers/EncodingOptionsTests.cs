using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers;

public class EncodingOptionsTests
{
    private const string Text = "a b c d e";
    private static readonly WordTokenizer words = new(Text);

    [Theory]
    [InlineData(false, null, TruncationSide.End, "a b c d e")]
    [InlineData(true, null, TruncationSide.End, "[CLS] a b c d e [SEP]")]
    [InlineData(false, 5, TruncationSide.End, "a b c d e")]
    [InlineData(false, 3, TruncationSide.End, "a b c")]
    [InlineData(false, 3, TruncationSide.Start, "c d e")]
    [InlineData(true, 7, TruncationSide.End, "[CLS] a b c d e [SEP]")]
    [InlineData(true, 5, TruncationSide.End, "[CLS] a b c [SEP]")]
    [InlineData(true, 3, TruncationSide.Start, "[CLS] e [SEP]")]
    public void Texts_are_truncated_between_start_and_end_tokens(bool adds, int? most, TruncationSide side, string expected)
    {
        var options = new EncodingOptions { AddStartAndEnd = adds, MaximumLength = most, TruncationSide = side };
        var tokens = words.Encode(Text, options);
        words.Decode(tokens).Should().Be(expected);
        words.EncodeEach([Text, "b"], options)[0].Should().Equal(tokens);

        var tokenized = words.EncodeWithOffsets(Text, options);
        tokenized.Tokens.Should().Equal(tokens);
        string.Join(' ', tokenized.Ranges.Select(r => Text[r])).Trim()
            .Should().Be(expected.Replace("[CLS] ", "").Replace(" [SEP]", ""));
        if (adds)
            (tokenized.Ranges[0], tokenized.Ranges[^1].Start.Value).Should().Be((0..0, tokenized.Ranges[^2].End.Value));
    }

    [Fact]
    public void Sequences_make_a_padded_batch()
    {
        var sequences = words.EncodeEach(["a b", "c"], new() { AddStartAndEnd = true });
        using var batch = new PaddedBatch(sequences, words.Special.Padding!.Value);
        batch.Tokens.ToArray().Should().Equal(2, 5, 6, 3, 2, 7, 3, 0);
        batch.Lengths.ToArray().Should().Equal(4, 3);
        words.EncodeEach([]).Should().BeEmpty();
        words.EncodeWithOffsets("", new() { AddStartAndEnd = true }).Ranges.Should().Equal(0..0, 0..0);
    }

    [Fact]
    public void A_tokenizer_with_one_of_the_two_adds_it()
    {
        var pairs = BytePairTokenizer.Train([], 257, ["</s>"]);
        pairs.Encode("!", new EncodingOptions { AddStartAndEnd = true }).Should().Equal(1, 0);
        pairs.EncodeWithOffsets("!", new() { AddStartAndEnd = true }).Ranges.Should().Equal(0..1, 1..1);
    }

    [Fact]
    public void Options_that_cannot_be_met_are_errors()
    {
        Encode(new() { MaximumLength = 0 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("WordTokenizer: MaximumLength should be at least 1, so that a token of the text remains.*");
        Encode(new() { MaximumLength = 2, AddStartAndEnd = true }).Should().Throw<ArgumentOutOfRangeException>().WithMessage(
            "WordTokenizer: MaximumLength should be at least 3, so that beside the start and end tokens a token of the text"
                + " remains.*");
        Encode(new() { TruncationSide = (TruncationSide)2 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("WordTokenizer: there is no such TruncationSide; the values are End, Start.*");
        new CharacterTokenizer("a").Invoking(t => t.Encode("a", new EncodingOptions { AddStartAndEnd = true }))
            .Should().Throw<ArgumentException>().WithMessage("CharacterTokenizer: the tokenizer has neither a start nor"
                + " an end token. Hint: leave AddStartAndEnd false.*");

        static Action Encode(EncodingOptions options) => () => words.Encode(Text, options);
    }
}
