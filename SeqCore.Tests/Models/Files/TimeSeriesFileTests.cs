using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Files;

public sealed class TimeSeriesFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Month,Passengers\n1949-01,112\n1949-02,118\n1949-04,132\n", "1 month", "Passengers", "112 118 NaN 132")]
    [InlineData("\"Date\",\"Temp\"\n\"1981-01-01\",20.7\n\"1981-01-02\",NA\n", "1 day", "Temp", "20.7 NaN")]
    [InlineData("value,time\n1,2024-01-01T00:00:00Z\n2,2024-01-01T00:30:00Z\n", "30 minutes", "value", "1 2")]
    [InlineData("ts;x;wind\n2024/07/01 01:00;1,5;NW\n2024/07/01 02:00;;N\n2024/07/01 03:00;-2,5;\n", "1 hour", "x",
        "1.5 NaN -2.5", ';', true)]
    [InlineData("year,month,day,hour,x\n2010,1,1,22,1\n2010,1,1,23,2\n2010,1,2,0,3\n", "1 hour", "x", "1 2 3")]
    public void Times_and_channels_are_found(string content, string interval, string channels, string values,
        char delimiter = ',', bool decimalComma = false)
    {
        var series = TimeSeriesFile.Read(Write(content), new TimeSeriesFileOptions
        {
            Table = new DelimitedOptions { Delimiter = delimiter },
            HasDecimalComma = decimalComma,
        });
        series.Interval.ToString().Should().Be(interval);
        series.Channels.Should().Equal(channels.Split(' '));
        string.Join(' ', series.Values.ToArray().Select(v => v.ToString(CultureInfo.InvariantCulture))).Should().Be(values);
    }

    [Fact]
    public void Columns_formats_and_intervals_can_be_given()
    {
        var path = Write("a,when,b\n1,01.02.2024 00:00,5\n2,01.02.2024 02:00,6\n");
        var series = TimeSeriesFile.Read(path, new TimeSeriesFileOptions
        {
            Time = ["when"],
            TimeFormat = "dd.MM.yyyy HH:mm",
            Channels = [-1],
            Interval = SamplingInterval.Of(TimeSpan.FromHours(1)),
        });
        (series.Start, series.Length, series.Channels[0]).Should().Be((new DateTime(2024, 2, 1), 3, "b"));
        series.Values.ToArray().Should().Equal(5, float.NaN, 6);
        var unix = TimeSeriesFile.Read(Write("t,x\n1700000000,1\n1700000060,2\n"),
            new TimeSeriesFileOptions { Time = ["t"], TimeFormat = "unix" });
        (unix.Start, unix.Interval.ToString()).Should().Be((DateTime.UnixEpoch.AddSeconds(1_700_000_000), "1 minute"));
        TimeSeriesFile.Read(Write("x,y\n1,2\n3,4\n"), new TimeSeriesFileOptions { Time = [] })
            .Values.ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Theory]
    [InlineData("x,y\n1,2\n", "*line 2*no column of this row holds a time such as 2024-07-01 12:30*")]
    [InlineData("t,x\n2024-01-01,1\n2024-01-02,2\n2024-01-02,3\n",
        "*line 4, column 't': the time 2024-01-02 is that of line 3 already*")]
    [InlineData("t,x\n2024-01-02,1\n2024-01-01,2\n",
        "*line 3, column 't': the time 2024-01-01 is before that of line 2, 2024-01-02; sort*")]
    [InlineData("t,x\n2024-01-01,1\n02.01.2024,2\n", "*line 3, column 't': '02.01.2024' is not a time in the form yyyy-MM-dd.")]
    [InlineData("t,x\n2024-01-01,1\n2024/01/02,2\n",
        "*line 3, column 't': '2024/01/02' is not a time in the form yyyy-MM-dd, as the first row has*")]
    [InlineData("t,x\n01.02.2024,1\n02.02.2024,2\n", "*line 2*no column of this row holds a time*")]
    [InlineData("t,x\n2024-01-01,1\n2024-01-02,warm\n", "*line 3, column 'x': 'warm' is not a number; a missing value is*")]
    [InlineData("t;x\n2024-01-01;1,5\n", "*line 2: 1 column should be here; there are 2*semicolon*")]
    [InlineData("t,x\n2024-01-01,\"1,5\"\n2024-01-02,\"1,5\"\n", "*no column of numbers beside the time*")]
    [InlineData("t,x\n2024-01-01,warm\n2024-01-02,cold\n", "*no column of numbers beside the time*")]
    [InlineData("t,x\n2024-01-01,NA\n2024-01-02,\n", "*column 'x': every value is missing*")]
    [InlineData("t,x\n2024-01-01,1\n", "*line 2, column 't': one time has no interval*")]
    [InlineData("t,x\n2024-01-01,1\n2024-01-02,1e39\n", "*line 3, column 'x': '1e39' is not a finite number*")]
    [InlineData("t,x\n2024-01-01 00:00:00,1\n2024-01-01 00:00:02,2\n2024-01-01 00:00:05,2\n",
        "*line 4*no whole number of steps of 2 seconds*")]
    [InlineData("t,x\n2024-01-01 00:00:00,1\n2024-01-01 00:00:01,2\n2034-01-01 00:00:00,2\n", "*line 4*Is the interval right?*")]
    [InlineData("year,month,day,x\n2024,2,30,1\n", "*line 2, column 'year': there is no time 2024-2-30*")]
    [InlineData("year,month,day,x\n2024,2,x,1\n", "*line 2, column 'day': 'x' is not the day of a time*")]
    [InlineData("", "*is empty*")]
    public void What_cannot_be_read_is_told_with_its_place(string content, string message) =>
        FluentActions.Invoking(() => TimeSeriesFile.Read(Write(content))).Should().Throw<DataSourceException>()
            .WithMessage(message);

    [Fact]
    public void The_real_series_are_read()
    {
        var air = TimeSeriesFile.Read(DataFolder.Path("timeseries", "pollution.csv"),
            new TimeSeriesFileOptions { Channels = ["pm2.5", "TEMP"] });
        (air.Length, air.Interval.ToString(), air[24, 0]).Should().Be((43_824, "1 hour", 129f));
        air.Gaps.Where(g => g.Channel == 0).Sum(g => g.Steps.Length).Should().Be(2067);
        var oil = TimeSeriesFile.Read(DataFolder.Path("ett", "ETTh1.csv.gz"));
        (oil.Length, oil.ChannelCount, oil.HasGaps).Should().Be((17_420, 7, false));
        TimeSeriesFile.Read(DataFolder.Path("timeseries", "daily-min-temperatures.csv")).Gaps
            .Should().HaveCount(2, "of two leap years");
    }

    private string Write(string content) => folder.Write("series.csv", System.Text.Encoding.UTF8.GetBytes(content));
}
