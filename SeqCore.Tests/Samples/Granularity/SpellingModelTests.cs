using System.Text;
using SeqCore.Samples.Granularity;

namespace SeqCore.Tests.Samples.Granularity;

public class SpellingModelTests
{
    private const string Training = "the cat sat on the mat";
    private const int CodePoints = 1_112_064;
    private static readonly SpellingModel spelling = new(Training, ["cat", "mat", "mat"]);

    [Fact]
    public void Bits_are_those_of_the_counted_characters_and_the_end()
    {
        // 9 characters and 3 ends; K is t, h, e, space, c, a, s, o, n, m, the end and any other.
        const double Total = 9 + 3 + 12;
        spelling.Bits("ma").Should().BeApproximately(-Math.Log2(3 / Total * (4 / Total) * (4 / Total)), 1e-12);
        spelling.Bits("z").Should().BeApproximately(-Math.Log2(1 / Total / CodePoints * (4 / Total)), 1e-9);
    }

    [Fact]
    public void Probabilities_of_the_symbols_add_up_to_1()
    {
        var end = Math.Pow(2, -spelling.Bits(""));
        var sum = Training.EnumerateRunes().Distinct().Sum(Probability) + (CodePoints * Probability(new Rune('z')));
        (sum + end).Should().BeApproximately(1, 1e-9);

        double Probability(Rune character) => Math.Pow(2, -spelling.Bits(character.ToString())) / end;
    }

    [Fact]
    public void Without_unknown_parts_all_symbols_are_equally_likely() =>
        new SpellingModel("ab", []).Bits("a").Should().BeApproximately(2 * Math.Log2(4), 1e-12);
}
