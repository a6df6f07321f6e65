using SeqCore.Models;
using SeqCore.Samples.DetectAnomalies;

namespace SeqCore.Tests.Samples.DetectAnomalies;

public sealed class LabelTests : DetectAnomaliesFixture
{
    private static readonly DateTime start = new(2024, 1, 1);
    private static readonly DateTime[] times = [.. Enumerable.Range(0, 100).Select(i => start.AddMinutes(i))];

    [Fact]
    public void A_missing_label_within_an_event_belongs_to_it()
    {
        float[] marks = [0, 1, float.NaN, float.NaN, 1, 1, float.NaN, 0, 1, 0, float.NaN, 1];
        var series = new SeqCore.Models.TimeSeries([.. marks.SelectMany((m, i) => new[] { m, i })], ["fault", "level"]);
        var (values, windows) = LabelColumn.Split(series, "fault", "x.csv");
        values.Channels.Should().Equal("level");
        windows.Should().Equal(new StepRange(1, 5), new StepRange(8, 1), new StepRange(11, 1));
    }

    [Fact]
    public void Windows_are_taken_in_the_order_of_time_and_by_the_file_s_own_folder()
    {
        Windows("""[["2024-01-01 00:30", "2024-01-01 00:39"], ["2024-01-01T00:10:00Z", "2024/01/01 00:19"]]""")
            .Should().Equal(new StepRange(10, 10), new StepRange(30, 10));
        const string Two = """{"a/x.csv": [], "b/x.csv": [["2024-01-01 00:10", "2024-01-01 00:10"]]}""";
        Windows(Two, "data/b/x.csv").Should().Equal(new StepRange(10, 1));
        FluentActions.Invoking(() => Windows(Two, "x.csv")).Should().Throw<DataSourceException>()
            .WithMessage("*has windows for 'a/x.csv' and 'b/x.csv', and each may be 'x.csv'*");
    }

    [Theory]
    [InlineData("[[\"2024-01-01 00:10\",\n \"2024", "*line 2, column *: this is not JSON. Labels are a list*")]
    [InlineData("7", "*holds no windows*")]
    [InlineData("[[\"2024-01-01 00:10\"]]", "*window 1 is not a pair of times*")]
    [InlineData("[\"2024-01-01 00:10\"]", "*window 1 is not a pair of times*")]
    [InlineData("[[\"2024-01-01 00:10\", \"later\"]]", "*window 1: \"later\" is not a time such as \"2024-07-01 10:00:00\"*")]
    [InlineData("[[\"2024-01-01 00:10\", 7]]", "*window 1: 7 is not a time*")]
    [InlineData("[[\"01.02.2024\", \"01.03.2024\"]]", "*\"01.02.2024\" is not a time*")]
    [InlineData("[[\"2024-01-01 00:20\", \"2024-01-01 00:10\"]]", "*window 1 begins at 2024-01-01 00:20, after its end*Swap*")]
    [InlineData("[[\"2025-01-01\", \"2025-01-02\"]]", "*has no step of the series, which lasts from 2024-01-01 00:00 to*")]
    [InlineData("[[\"2024-01-01 00:10\", \"2024-01-01 00:20\"], [\"2024-01-01 00:20\", \"2024-01-01 00:30\"]]",
        "*overlaps the one before it, which ends at 2024-01-01 00:20*")]
    [InlineData("{\"y.csv\": []}", "*has no windows for 'x.csv'; it has them for 'y.csv'.")]
    [InlineData("{\"x.csv\": 1}", "*has no list of windows for 'x.csv'*")]
    public void A_wrong_window_is_named(string json, string message) =>
        FluentActions.Invoking(() => Windows(json)).Should().Throw<DataSourceException>().WithMessage(message);

    private IReadOnlyList<StepRange> Windows(string json, string data = "x.csv")
    {
        System.IO.File.WriteAllText(File("labels.json"), json);
        return LabelFile.StepsOf(LabelFile.Read(File("labels.json"), data), times, "labels.json");
    }
}
