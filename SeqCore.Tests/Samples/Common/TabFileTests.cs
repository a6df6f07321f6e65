using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public sealed class TabFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("a\tb\nc\td")]
    [InlineData("\uFEFFa\tb\r\nc\td\n")]
    [InlineData("a\tb\rc\td\n\n\r\n")]
    public void Rows_are_read_whatever_ends_them(string content)
    {
        File.WriteAllText(path, content);
        var rows = TabFile.Read(path).ToArray();
        rows.SelectMany(r => r.Cells).Should().Equal("a", "b", "c", "d");
        rows[1].PlaceOf(1).Should().Be($"'{path}', line 2, column 3");
    }

    [Fact]
    public void A_line_of_a_megabyte_is_a_row()
    {
        File.WriteAllText(path, $"{new string('x', 1 << 20)}\ty\n");
        TabFile.Read(path).Single().Cells[0].Length.Should().Be(1 << 20);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "is empty")]
    [InlineData("a\tb\nc\n", "', line 2 has 1 column; the rows before it have 2.")]
    [InlineData("a\tb\nc\td\te\n", "', line 2 has 3 columns; the rows before it have 2.")]
    [InlineData("a\tb\n\nc\td\n", "', line 2 is empty, and rows follow it.")]
    [InlineData("a,b\nc,d\n", "', line 1: there is no tab. Columns should be separated by tabs, not commas.")]
    [InlineData("a;b\n", "by tabs, not semicolons.")]
    [InlineData("{\"a\": 1}\n", "by tabs, not JSON.")]
    [InlineData("a\n", "Columns should be separated by tabs.")]
    public void Other_files_are_refused_by_line(string content, string message)
    {
        File.WriteAllText(path, content);
        FluentActions.Enumerating(() => TabFile.Read(path)).Should().Throw<DataSourceException>()
            .Which.Message.Should().StartWith($"'{path}'").And.Contain(message).And.NotContain("\n");
    }
}
