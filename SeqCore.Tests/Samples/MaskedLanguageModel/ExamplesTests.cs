using SeqCore.Models;
using SeqCore.Samples.MaskedLanguageModel;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

public class ExamplesTests
{
    private const string Text = "one two three four five six, seven eight.\nshort\n\nanother line that is long enough,"
        + " you know.\n";
    private static readonly WordTokenizer vocabulary = new(Text);

    [Fact]
    public void Words_of_lines_that_fit_are_hidden_and_nothing_else_changes()
    {
        var examples = Examples.Choose(Text, vocabulary, 12, 5, seed: 1);
        examples.Should().HaveCount(2);
        foreach (var (hidden, truth) in examples)
        {
            Text.Should().Contain(vocabulary.Decode(truth));
            hidden.Count(t => t == SpecialToken.Mask).Should().Be(1);
            hidden.Zip(truth).Should().OnlyContain(p => p.First == p.Second
                || (p.First == SpecialToken.Mask && char.IsLetter(vocabulary.Unit(p.Second)[0])));
        }

        Examples.Choose(Text, vocabulary, 12, 5, seed: 1).Should().BeEquivalentTo(examples);
    }

    [Fact]
    public void Texts_without_fitting_lines_are_cut_in_pieces() =>
        Examples.Choose(Text.Replace('\n', ' '), vocabulary, 9, 5, seed: 1)
            .Should().HaveCount(2).And.OnlyContain(e => e.Truth.Length == 9);

    [Fact]
    public void A_blanks_guesses_are_ranked()
    {
        var blank = new Blank(0, [(7, 0.5), (3, 0.3), (5, 0.2)]);
        blank.Best.Should().Be(7);
        blank.RankOf(5).Should().Be(3);
    }
}
