using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public class ShowTests
{
    [Theory]
    [InlineData("More: add -- train and -- --help.", 15, "More: add|-- train and|-- --help.")]
    [InlineData("a bc defghij k", 4, "a bc|defghij|k")]
    [InlineData("two  spaces stay", 20, "two  spaces stay")]
    public void Lines_break_at_spaces_but_not_behind_the_dashes_of_a_command(string text, int most, string lines) =>
        string.Join('|', Show.Lines(text, most)).Should().Be(lines);

    [Theory]
    [InlineData(0.00099, 0.405, "0.001")]
    [InlineData(0.0001, 0.405, "0.000")]
    [InlineData(0.5, 123.4, "0.5")]
    [InlineData(12.6, 12345, "13")]
    [InlineData(0.00002, 0.0004, "2.00e-5")]
    public void A_spread_has_the_decimals_of_its_number(double spread, double value, string expected) =>
        SeriesText.Spread(spread, value).Should().Be(expected);

    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(0.00099, "9.90e-4")]
    [InlineData(1.23456, "1.235")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(1234.5, "1,234")]
    public void Numbers_of_tables_have_four_digits(double value, string expected) =>
        SeriesText.Short(value).Should().Be(expected);

    [Fact]
    public void Cells_with_commas_and_quotes_are_quoted() =>
        CsvLine.Of("a", "b,c", "say \"d\"", "").Should().Be("a,\"b,c\",\"say \"\"d\"\"\",");
}
