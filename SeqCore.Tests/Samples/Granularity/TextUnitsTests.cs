using SeqCore.Samples.Granularity;
using SeqCore.Tests.Models.Tokenizers;

namespace SeqCore.Tests.Samples.Granularity;

public class TextUnitsTests
{
    [Fact]
    public void Parts_are_exactly_the_text_and_none_is_empty()
    {
        foreach (var text in FuzzedText.Many(seed: 31, count: 2_000))
        {
            foreach (var split in (Func<string, IReadOnlyList<string>>[])[TextUnits.Characters, TextUnits.Words])
            {
                split(text).Should().NotContain("");
                string.Concat(split(text)).Should().Be(text);
            }
        }
    }

    [Theory]
    [InlineData("It's o'er, men.\n\nGo  on!", "It's| o'er|,| men|.|\n|\n|Go| | on|!")]
    [InlineData("a 'b' c'", "a| '|b|'| c|'")]
    [InlineData(" x\ty ", " x|\t|y| ")]
    [InlineData("caf\u00E9 \U0001D400b \U0001F600\U0001F600", "caf\u00E9| \U0001D400b| \U0001F600|\U0001F600")]
    [InlineData("e\u0301te\u0301 2nd", "e\u0301te\u0301| 2nd")]
    [InlineData("", "")]
    public void Words_take_one_space_before_them(string text, string parts) =>
        string.Join('|', TextUnits.Words(text)).Should().Be(parts);

    [Fact]
    public void Characters_are_code_points() =>
        TextUnits.Characters("a\U0001F600\u0301").Should().Equal("a", "\U0001F600", "\u0301");

    [Theory]
    [InlineData("characters", UnitFamily.Characters, 0)]
    [InlineData("bpe-256", UnitFamily.BytePairs, 256)]
    [InlineData("unigram-257", UnitFamily.Unigrams, 257)]
    [InlineData("words-1", UnitFamily.Words, 1)]
    public void A_kind_of_unit_has_a_name(string name, object family, int size)
    {
        UnitKind.Parse(name).Should().Be(new UnitKind((UnitFamily)family, size));
        UnitKind.Parse(name)!.Name.Should().Be(name);
    }

    [Theory]
    [InlineData("bpe-255")]
    [InlineData("bpe-1000001")]
    [InlineData("unigram-256")]
    [InlineData("bpe")]
    [InlineData("bpe--512")]
    [InlineData("words-0")]
    [InlineData("words- 5")]
    [InlineData("characters-5")]
    [InlineData("letters")]
    [InlineData("")]
    [InlineData("characters,")]
    [InlineData("characters,bpe-512,characters")]
    public void Other_lists_are_refused(string list) => UnitKind.TryParseAll(list).Ok.Should().BeFalse();
}
