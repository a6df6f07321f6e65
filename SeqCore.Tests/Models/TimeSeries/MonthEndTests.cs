using System.Globalization;
using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries;

public sealed class MonthEndTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2020, 1, 1, "2020-01-31 2020-02-29 2020-03-31 2020-04-30 2020-05-31")]
    [InlineData(2020, 4, 1, "2020-04-30 2020-05-31 2020-06-30 2020-07-31 2020-08-31")]
    [InlineData(2020, 2, 1, "2020-02-29 2020-03-31 2020-04-30 2020-05-31 2020-06-30")]
    [InlineData(2021, 2, 12, "2021-02-28 2022-02-28 2023-02-28 2024-02-29 2025-02-28")]
    [InlineData(2020, 6, 3, "2020-06-30 2020-09-30 2020-12-31 2021-03-31 2021-06-30")]
    public void A_series_of_month_ends_is_read_split_forecast_and_saved(int year, int month, int months, string expected)
    {
        var all = Enumerable.Range(0, 20).Select(i => new DateTime(year, month, 1).AddMonths((i * months) + 1).AddDays(-1)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
        all[..5].Should().Equal(expected.Split(' '));
        var series = TimeSeriesFile.Read(Write(all[..12]));
        series.Interval.Should().Be(SamplingInterval.OfMonths(months, day: 31));
        Times(series).Should().Equal(all[..12]);
        for (var start = 1; start < 10; start++)
            Times(series.Slice(start, 2)).Should().Equal(all[start..(start + 2)]);
        var split = TimeSplit.Of(series, 4, lookBack: 1);
        Times(split.Validation!).Should().Equal(all[7..12]);
        using var naive = new NaiveForecaster();
        naive.Fit(split.Training);
        naive.Update(split.Validation!.Slice(1, 3));
        naive.Update(series.Slice(11, 1));
        var file = Path.Combine(folder.Path, "naive.safetensors");
        naive.Save(file);
        using var loaded = Forecaster.LoadAny(file);
        Times(loaded.Forecast(8)).Should().Equal(all[12..]);
    }

    [Fact]
    public void Days_that_some_months_lack_are_kept()
    {
        var rows = TimeSeriesFile.Read(Write(["2023-12-30", "2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"]));
        rows.Interval.ToString().Should().Be("1 month on day 30");
        Times(rows.Slice(2, 3)).Should().Equal("2024-02-29", "2024-03-30", "2024-04-30");
        var quarters = new Series(new float[3], null, new DateTime(2024, 1, 31), SamplingInterval.OfMonths(1));
        Times(quarters.Slice(1, 2)).Should().Equal("2024-02-29", "2024-03-31");

        // A reader that is given the months finds the day; a single later step may be on the last day of a short month.
        TimeSeriesFile.Read(Write(["2024-04-30", "2024-05-31"]), new TimeSeriesFileOptions
        {
            Interval = SamplingInterval.OfMonths(1),
        }).Interval.Should().Be(SamplingInterval.OfMonths(1, day: 31));
        var one = new Series(new float[1], null, new DateTime(2024, 2, 29), SamplingInterval.OfMonths(1));
        Times(quarters.Slice(0, 1).Append(one)).Should().Equal("2024-01-31", "2024-02-29");
        FluentActions.Invoking(() => TimeSeriesFile.Read(Write(["2024-01-30", "2024-02-28", "2024-03-30"])))
            .Should().Throw<DataSourceException>().WithMessage("*line 4*no whole number of steps*");
    }

    [Fact]
    public void Wrong_days_and_times_behind_the_last_year_are_refused()
    {
        Refused<ArgumentException>(() => SamplingInterval.OfMonths(1, day: 15), "*29, 30 or 31*");
        Refused<ArgumentException>(() => new Series([1], null, new DateTime(2024, 1, 30), SamplingInterval.OfMonths(1, 31)),
            "*with steps of 1 month at month ends, the first one cannot be on 2024-01-30*");
        var year = SamplingInterval.OfMonths(12);
        var last = new DateTime(9990, 1, 1);
        Refused<ArgumentException>(() => year.Add(last, 10), "*outside of the years 1 to 9999, 1 year each from 9990-01-01*");
        Refused<ArgumentException>(() => new Series(new float[11], null, last, year), "*11 steps of 1 year from 9990-01-01 end*");
        using var naive = new NaiveForecaster();
        naive.Fit(new Series(new float[5], null, last, year));
        naive.Forecast(5).TimeAt(4).Should().Be(new DateTime(9999, 1, 1));
        Refused<DataSourceException>(() => naive.Forecast(6), "*last step of the forecast is after the year 9999*");
        Refused<DataSourceException>(() => naive.Fit(new Series(new float[10], null, last, year)), "*after the last one*9999*");
        var days = SamplingInterval.Of(TimeSpan.FromDays(1));
        Refused<ArgumentException>(() => days.Add(last, int.MaxValue), "*outside of the years*");
        year.Add(new DateTime(2, 1, 1), -1).Should().Be(new DateTime(1, 1, 1));
        Refused<ArgumentException>(() => year.Add(new DateTime(2, 1, 1), -2), "*outside of the years*");
    }

    private string Write(string[] times)
    {
        var path = Path.Combine(folder.Path, "series.csv");
        File.WriteAllText(path, "time,x\n" + string.Concat(times.Select((t, i) => $"{t},{i}\n")));
        return path;
    }

    private static IEnumerable<string> Times(Series series) => Enumerable.Range(0, series.Length)
        .Select(t => series.TimeAt(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static void Refused<T>(Action action, string message)
        where T : Exception => action.Should().Throw<T>().WithMessage(message);
}
