using SeqCore.Models;
using SeqCore.Samples.Granularity;

namespace SeqCore.Tests.Samples.Granularity;

public class SegmentationTests
{
    private static readonly StudyText text = new(
        string.Concat(Enumerable.Range(0, 60).Select(i => $"the cat {i % 7} sat.\n")) + "a zebra \U0001F600 sat on the mat.\n",
        "The text");

    [Fact]
    public void The_parts_are_the_text_and_the_first_ends_a_line()
    {
        text.Training.Should().EndWith("\n");
        (text.Training.Length / (double)(text.Training + text.HeldOut).Length).Should().BeInRange(0.9, 0.95);
        text.HeldOut.Should().EndWith("mat.\n");
        text.HeldOutCharacters.Should().Be(text.HeldOut.Length - 1, "one character has two UTF-16 units");
        var oneLine = new StudyText(string.Concat(Enumerable.Repeat("\U0001F600", 501)), "One line");
        (oneLine.TrainingCharacters + oneLine.HeldOutCharacters).Should().Be(501);
        oneLine.TrainingCharacters.Should().Be(451);
    }

    [Fact]
    public void A_text_that_is_too_short_is_refused() => ((Action)(() => _ = new StudyText("short", "My text")))
        .Should().Throw<DataSourceException>().WithMessage("My text has only 5 characters.*");

    [Theory]
    [InlineData("characters", 7, 7)] // z, b, r, the face, o, n, m
    [InlineData("words-100", 6, 20)] // "a", " zebra", " the face", " on", " the", " mat"
    [InlineData("bpe-256", 0, 0)]
    [InlineData("bpe-300", 0, 0)]
    public void Unknown_parts_are_counted_with_their_characters(string name, int tokens, int characters)
    {
        var units = Segmentation.Of(UnitKind.Parse(name)!, text, default);
        units.UnknownTokens.Should().Be(tokens);
        units.UnknownCharacters.Should().Be(characters);
        (units.SpellingBits > 8 * tokens).Should().Be(tokens > 0);
    }

    [Fact]
    public void A_smaller_vocabulary_of_words_knows_the_most_frequent_ones()
    {
        var units = Segmentation.Of(UnitKind.Parse("words-2")!, text, default);
        units.Vocabulary.Should().Be(SpecialToken.Count + 2);
        units.UnknownTokens.Should().Be(units.HeldOut.Count(t => t == SpecialToken.Unknown)).And.BeGreaterThan(6);
        units.Training.Should().Contain(SpecialToken.Unknown);
    }

    [Fact]
    public void Words_that_occur_once_in_training_are_unknown_there_too()
    {
        var odd = new StudyText("once " + text.Training + text.HeldOut, "The text");
        var units = Segmentation.Of(UnitKind.Parse("words-100")!, odd, default);
        units.Training[0].Should().Be(SpecialToken.Unknown);
        units.Training.Count(t => t == SpecialToken.Unknown).Should().BeLessThan(5);
    }

    [Theory]
    [InlineData("bpe-256")]
    [InlineData("bpe-400")]
    [InlineData("unigram-300")]
    public void Byte_pairs_and_unigrams_are_decoded_to_both_parts(string name)
    {
        var units = Segmentation.Of(UnitKind.Parse(name)!, text, default);
        units.Decode(units.Training).Should().Be(text.Training);
        units.Decode(units.HeldOut).Should().Be(text.HeldOut);
        units.NeverWritten.Should().BeEmpty();
    }

    [Theory]
    [InlineData("characters")]
    [InlineData("words-100")]
    public void Known_parts_are_decoded_to_themselves(string name)
    {
        var units = Segmentation.Of(UnitKind.Parse(name)!, text, default);
        units.Decode(units.Training).Should().Be(text.Training);
        units.NeverWritten.Should().Contain(SpecialToken.Unknown);
    }
}
