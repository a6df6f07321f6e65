using System.Globalization;
using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.Files;

public sealed class TimeSeriesFollowTests
{
    private static readonly DateTime start = new(2024, 1, 1);

    private static Series Next(params string[] channels) => new(new float[Math.Max(1, channels.Length)],
        channels.Length == 0 ? ["x"] : channels, start, SamplingInterval.Of(TimeSpan.FromHours(1)));

    private static string[] Read(string lines, Series next, TimeSeriesFileOptions? options = null) =>
        [.. TimeSeriesFile.Follow(new StringReader(lines), next, options).Select(s => $"{s.Start:HH:mm} "
            + string.Join(' ', s.Values.ToArray().Select(v => v.ToString(CultureInfo.InvariantCulture))))];

    [Fact]
    public void Each_line_is_a_step_and_hours_left_out_are_missing() =>
        Read("2024-01-01 00:00,1\n\n2024-01-01 01:00,NA\n2024-01-01 04:00,4\n", Next())
            .Should().Equal("00:00 1", "01:00 NaN", "02:00 NaN NaN 4");

    [Fact]
    public void A_first_line_of_names_chooses_the_columns() =>
        Read("b,note,when,\"a\"\n2,x,2024-01-01T00:00,1\n", Next("a", "b")).Should().Equal("00:00 1 2");

    [Fact]
    public void Lines_are_answered_before_the_next_is_read()
    {
        var reader = new CountingReader(["2024-01-01 00:00,1", "2024-01-01 01:00,2"]);
        foreach (var steps in TimeSeriesFile.Follow(reader, Next()))
            steps.Start!.Value.Hour.Should().Be(reader.Count - 1);
        reader.Count.Should().Be(2);
    }

    [Fact]
    public void Formats_of_a_file_hold_for_lines_too() =>
        Read("01.01.2024 00:00;1,5;\"2,5\"\n", Next("a", "b"), new TimeSeriesFileOptions
        {
            TimeFormat = "dd.MM.yyyy HH:mm",
            HasDecimalComma = true,
            Table = new DelimitedOptions { Delimiter = ';' },
        }).Should().Equal("00:00 1.5 2.5");

    [Fact]
    public void Without_times_a_line_has_values_alone() =>
        TimeSeriesFile.Follow(new StringReader("1,2\n3,4\n"), new Series([0f, 0f], ["a", "b"])).Select(s => s.Values.ToArray())
            .Should().BeEquivalentTo([new[] { 1f, 2f }, [3f, 4f]]);

    [Fact]
    public void Names_of_channels_that_are_numbers_are_not_taken_for_values_nor_values_for_names()
    {
        Read("2024-01-01 00:00,1,2\n", Next("1", "2")).Should().Equal("00:00 1 2");
        Read("time,2,1\n2024-01-01 00:00,5,6\n", Next("1", "2")).Should().Equal("00:00 6 5");
        TimeSeriesFile.Follow(new StringReader("1\n2\n"), new Series([0f], ["1"])).Should().HaveCount(2);
        var unnamed = new TimeSeriesFileOptions { Table = new DelimitedOptions { HasHeader = false } };
        FluentActions.Invoking(() => Read("when,x\n", Next(), unnamed)).Should().Throw<DataSourceException>()
            .WithMessage("*line 1, column 1*");
    }

    [Fact]
    public void Columns_that_are_named_are_those_that_are_read()
    {
        var named = new TimeSeriesFileOptions { Channels = ["y"] };
        Read("time,x,y\n2024-01-01 00:00,1,2\n", Next(), named).Should().Equal("00:00 2");
        FluentActions.Invoking(() => Read("2024-01-01 00:00,1\n", Next(), named)).Should().Throw<DataSourceException>()
            .WithMessage("*line 1: names of columns should be here, with y among them*");
        Read("2024-01-01 00:00,1\n", Next(), new TimeSeriesFileOptions { Channels = ["x"] }).Should().Equal("00:00 1");
        Read("7,2024-01-01 00:00,1\n", Next(), new TimeSeriesFileOptions { Time = [2], Channels = [1] }).Should()
            .Equal("00:00 7");
    }

    [Fact]
    public void Bad_lines_are_skipped_where_someone_takes_their_errors()
    {
        var errors = new List<string>();
        var read = TimeSeriesFile.Follow(new StringReader("started\n2024-01-01 00:00,1\n2024-01-01 01:00,x\n2024-01-01 00:00,7\n"
            + "2024-01-01 01:00,\"2\n2024-01-01 02:00,3\n"), Next(), skipped: e => errors.Add(e.Message));
        read.Select(s => s.Length).Should().Equal([1, 2], "the hour of bad lines is missing");
        errors.Should().HaveCount(4).And.SatisfyRespectively(e => e.Should().Contain("line 1: a time and values"),
            e => e.Should().Contain("line 3, column 2"), e => e.Should().Contain("line 4, column 1"),
            e => e.Should().Contain("line 5: a quote"));
        FluentActions.Enumerating(() => TimeSeriesFile.Follow(new StringReader("time,a\n2024-01-01 00:00,1\n"), Next("a", "b"),
            skipped: _ => { })).Should().Throw<DataSourceException>().WithMessage("*no column 'b'*");
    }

    [Theory]
    [InlineData("2024-01-01 00:00,1\n2024-01-01 00:00,2\n", "'standard input', line 2, column 1: the time 2024-01-01 is before*")]
    [InlineData("2023-12-31 23:00,1\n", "*line 1*: the time 2023-12-31 23:00:00 is before the expected one, 2024-01-01*")]
    [InlineData("2024-01-01 00:30,1\n", "*line 1*00:30:00 is not a whole number of steps of 1 hour after*")]
    [InlineData("2124-01-01 00:00,1\n", "*line 1*steps are missing before 2124-01-01*")]
    [InlineData("2024-01-01 00:00,one\n", "*line 1, column 2: 'one' is not a number*")]
    [InlineData("2024-01-01 00:00,1e99\n", "*line 1, column 2: '1e99' is not a finite number*")]
    [InlineData("2024-01-01 00:00,1\n2024-01-01 01:00\n", "*line 2: 2 columns should be here; there is 1*")]
    [InlineData("2024-01-01 00:00\n", "*line 1: a time and values of x should be here*")]
    [InlineData("2024-01-01 00:00,1,2\n", "*line 1: a time and values of x should be here*got '2024-01-01 00:00,1,2'*")]
    [InlineData("x,y\n1,2\n", "*line 2*no column of this row holds a time*")]
    [InlineData("2024-01-01 00:00,\"1\n", "*line 1: a quote in a wrong place*")]
    [InlineData("1.2.2024,1\n", "*line 1, column 1: '1.2.2024' is not a time that begins with the year*")]
    public void A_wrong_line_is_named(string lines, string message) =>
        FluentActions.Invoking(() => Read(lines, Next())).Should().Throw<DataSourceException>().WithMessage(message);

    private sealed class CountingReader(string[] lines) : StringReader("")
    {
        public int Count { get; private set; }

        public override string? ReadLine() => Count < lines.Length ? lines[Count++] : null;
    }
}
