using System.Globalization;
using System.IO.Compression;
using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Files;

public sealed class LabelledSeriesFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("  1.0000000e+00  -1.5e-1 2.5\n\n -2  3  4.25\n", "1: -0.15 2.5|-2: 3 4.25")]
    [InlineData("b\t1\t2\na\t3\tNaN\tNaN\n", "b: 1 2|a: 3")]
    [InlineData("b, 1,2\r\na,3,\r\n", "b: 1 2|a: 3")]
    [InlineData("b;1;2\n", "b: 1 2")]
    [InlineData("walk,1,2,NaN:3,4,NaN\n", "walk: 1 3 2 4")]
    [InlineData("walk 1 2 : 3 4\n", "walk: 1 3 2 4")]
    [InlineData("one day,1\n", "one day: 1")]
    [InlineData("1 5\n01 6\n1.0 7\n+1 8\n1.5 9\n1e2 3\n", "1: 5|01: 6|1: 7|+1: 8|1.5: 9|100: 3")]
    public void Lines_hold_a_label_and_values(string content, string expected)
    {
        Shown(LabelledSeriesFile.ReadLines(Write(content))).Should().Be(expected);
        var packed = folder.File("packed.gz");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(content));
        Shown(LabelledSeriesFile.ReadLines(packed)).Should().Be(expected);
    }

    [Fact]
    public void Lines_may_have_no_label_and_channels_have_names()
    {
        var one = LabelledSeriesFile.ParseLine("1 2 3", "input", 4, new SeriesLineOptions { HasLabel = false });
        (one.Label, one.Place).Should().Be((null, "'input', line 4"));
        one.Series.Channels.Should().Equal("value");
        LabelledSeriesFile.ParseLine("a 1:2", "input", 1).Series.Channels.Should().Equal("1", "2");
        LabelledSeriesFile.ParseLine("a 1:2", "input", 1, new SeriesLineOptions { Channels = ["x", "y"] })
            .Series.Channels.Should().Equal("x", "y");
    }

    [Theory]
    [InlineData("", "*is empty: it has no series.")]
    [InlineData("a,1,2\nb,1,x2\n", "*line 2, column 5: 'x2' is not a number.")]
    [InlineData("a 1 2\nb 1 2,5\n", "*line 2, column 5: '2,5' is not a number, which is written with a point, as 1234.5.")]
    [InlineData("a 1,5 2,5\n", "*line 1, column 5: '5 2' is not a number, which is written with a point, as 1234.5.")]
    [InlineData("a,1\nb 1 2\n", "*line 2, column 1: the values should have tabs, commas, semicolons or spaces between them.")]
    [InlineData("a;1;2,5\n", "*line 1, column 5: '2,5' is not a number, which is written with a point, as 1234.5.")]
    [InlineData("a,1,,2\n", "*line 1, column 5: value 2 is missing; only the end of a series may be.")]
    [InlineData("a,1,NaN,2\n", "*line 1, column 5: value 2 is missing*")]
    [InlineData("a,1,1e99\n", "*line 1, column 5: '1e99' is not a finite number of float32.")]
    [InlineData(",1,2\n", "*line 1, column 1: a label should be here, before the values.")]
    [InlineData("a\n", "*line 1, column 2: there is no value; a series has at least one.")]
    [InlineData("a,NaN,NaN\n", "*line 1, column 3: there is no value*")]
    [InlineData("a,1,2:3\n", "*line 1, column 7: channel 2 has 1 values, and channel 1 has 2; they should have the same number.")]
    public void Lines_that_are_no_series_are_refused_with_their_place(string content, string message) =>
        FluentActions.Invoking(() => LabelledSeriesFile.ReadLines(Write(content)).ToArray())
            .Should().Throw<DataSourceException>().WithMessage(message);

    [Fact]
    public void Channels_that_are_not_as_many_as_their_names_are_refused() =>
        FluentActions.Invoking(() =>
                LabelledSeriesFile.ParseLine("a 1 2", "input", 3, new SeriesLineOptions { Channels = ["x", "y"] }))
            .Should().Throw<DataSourceException>()
            .WithMessage("'input', line 3, column 1: the line has 1 channel; there should be 2: x, y. A colon*");

    [Theory]
    [InlineData("id,time,x,y,label\n7,0,1,2,up\n7,1,3,4,up\n9,0,5,6,down\n", "up: 1 2 3 4|down: 5 6", "x,y")]
    [InlineData("label,x,id\nup,1,a\nup,2,a\n", "up: 1 2", "x")]
    [InlineData("id,timestamp,x,label\n7,2024-01-01 10:00,1,up\n7,2024-01-01 11:00,2,up\n", "up: 1 2", "x")]
    public void Tables_hold_a_row_for_each_step(string content, string expected, string channels)
    {
        LabelledSeries[] read = [.. LabelledSeriesFile.ReadTable(Write(content))];
        Shown(read).Should().Be(expected);
        read[0].Series.Channels.Should().Equal(channels.Split(','));
        (read[0].Name, read[0].Place![^6..]).Should().Be((content.Contains("a", StringComparison.Ordinal)
            && content.StartsWith("label", StringComparison.Ordinal) ? "a" : "7", "line 2"));
    }

    [Fact]
    public void Columns_of_a_table_can_be_chosen()
    {
        var path = Write("n\tc\tu\tv\n1\tup\t5\tno\n1\tup\t6\tno\n");
        var options = new SeriesTableOptions
        {
            Id = "n",
            Label = 2,
            Channels = ["u"],
            Table = new DelimitedOptions { Delimiter = '\t' },
        };
        Shown(LabelledSeriesFile.ReadTable(path, options)).Should().Be("up: 5 6");
        LabelledSeriesFile.ReadTable(path, options with { Label = null }).Single().Label.Should().BeNull();
    }

    [Theory]
    [InlineData("id,x,label\n1,2,up\n1,z,up\n", "*line 3, column 'x': 'z' is not a number.")]
    [InlineData("id,x,label\n1,2,up\n1,,up\n", "*line 3, column 'x': the cell is empty; a number should be here.")]
    [InlineData("id,x,label\n1,NaN,up\n", "*line 2, column 'x': 'NaN' is not a finite number*")]
    [InlineData("id,x,label\n1,2,up\n1,3,down\n",
        "*line 3, column 'label': the series '1' has the label 'down' here, and 'up' in line 2; each should have one.")]
    [InlineData("id,x,label\n1,2,\n", "*line 2, column 'label': the label is empty.")]
    [InlineData("id,x,label\n,2,up\n", "*line 2, column 'id': the id is empty*")]
    [InlineData("id,x,label\n1,2,up\n2,2,up\n1,2,up\n", "*line 4, column 'id': the series '1' came before already*")]
    [InlineData("id,t,x,label\n1,1,2,up\n1,1,2,up\n", "*line 3, column 't': the time '1' is not after the one before in the*")]
    [InlineData("id,t,x,label\n1,1,2,up\n1,?,2,up\n", "*line 3, column 't': '?' is not a number, as the first time is.")]
    [InlineData("id,label\n1,up\n", "*has no column of values beside the id, the time and the label.")]
    [InlineData("series,x,label\n1,2,up\n", "*has no column 'id'; it has 'series', 'x', 'label'.")]
    public void Tables_that_hold_no_series_are_refused_with_their_place(string content, string message) =>
        FluentActions.Invoking(() => LabelledSeriesFile.ReadTable(Write(content)).ToArray())
            .Should().Throw<DataSourceException>().WithMessage(message);

    [Fact]
    public void Published_heartbeats_are_read()
    {
        LabelledSeries[] beats =
            [.. LabelledSeriesFile.ReadLines(DataFolder.Path("ecg5000", "ECG5000_TRAIN.txt.gz"))];
        beats.Should().HaveCount(500).And.OnlyContain(b => b.Series.Length == 140 && !b.Series.HasGaps);
        beats.GroupBy(b => b.Label!).OrderBy(g => g.Key).Select(g => (g.Key, g.Count()))
            .Should().Equal(("1", 292), ("2", 177), ("3", 10), ("4", 19), ("5", 2));
        beats[0].Series[0, 0].Should().Be(-0.11252183f);
    }

    private static string Shown(IEnumerable<LabelledSeries> series) => string.Join('|', series.Select(s =>
        $"{s.Label}: {string.Join(' ', s.Series.Values.ToArray().Select(v => v.ToString(CultureInfo.InvariantCulture)))}"));

    private string Write(string content)
    {
        var path = folder.File("series.txt");
        File.WriteAllText(path, content);
        return path;
    }
}
