using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries;

public sealed class TimeSeriesTests
{
    private const float No = float.NaN;
    private static readonly SamplingInterval hour = SamplingInterval.Of(TimeSpan.FromHours(1));
    private static readonly DateTime start = new(2024, 1, 31, 22, 0, 0);

    [Fact]
    public void Parts_have_their_own_times_and_share_the_values()
    {
        var series = new Series([1, 10, 2, 20, 3, 30], ["a", "b"], start, hour);
        (series.Length, series.ChannelCount, series[2, 1]).Should().Be((3, 2, 30f));
        var part = series.Slice(1, 2);
        part.Start.Should().Be(new DateTime(2024, 1, 31, 23, 0, 0));
        part.TimeAt(1).Should().Be(new DateTime(2024, 2, 1));
        part.Values.ToArray().Should().Equal(2, 20, 3, 30);
        part.Values.Overlaps(series.Values).Should().BeTrue();
        series.Select("b", "a").Values.ToArray().Should().Equal(10, 1, 20, 2, 30, 3);
        series.Slice(0, 1).Append(part).Values.ToArray().Should().Equal(series.Values.ToArray());
    }

    [Theory]
    [InlineData(GapFilling.Linear, 0, new float[] { 1, 1, 2, 3, 4, 4 })]
    [InlineData(GapFilling.Previous, 0, new float[] { 1, 1, 1, 1, 4, 4 })]
    [InlineData(GapFilling.Mean, 0, new float[] { 2.5f, 1, 2.5f, 2.5f, 4, 2.5f })]
    [InlineData(GapFilling.Zero, 0, new float[] { 0, 1, 0, 0, 4, 0 })]
    [InlineData(GapFilling.Seasonal, 2, new float[] { 1, 1, 1, 1, 4, 1 })]
    public void Gaps_are_found_and_filled(GapFilling rule, int season, float[] expected)
    {
        var series = new Series([No, 1, No, No, 4, No]);
        series.Gaps.Select(g => g.Steps.ToString()).Should().Equal("step 0", "steps 2 to 3", "step 5");
        series.HasGaps.Should().BeTrue();
        var filled = series.Fill(rule, season);
        filled.Values.ToArray().Should().Equal(expected);
        filled.HasGaps.Should().BeFalse();
        filled.Fill(rule, season).Should().BeSameAs(filled);
    }

    [Fact]
    public void Wrong_series_are_told()
    {
        Refused(() => new Series([]), "*0 values do not fill 1 channel*");
        Refused(() => new Series(new float[3], ["a", "b"]), "*3 values do not fill 2 channels*");
        Refused(() => new Series(new float[2], ["a", "a"]), "*a name of its own; got 'a', 'a'*");
        Refused(() => new Series(new float[2], null, start), "*start and interval go together*");
        Refused(() => new Series([1, float.PositiveInfinity]), "*'value' is infinite at step 1*");
        var series = new Series(new float[3], null, start, hour);
        Refused(() => series.Slice(2, 2), "*2 steps from 2 are not within its 3*");
        Refused(() => _ = series[3, 0], "*3 steps*");
        Refused(() => series.Select("b"), "*no channel 'b'; there are 'value'*");
        Refused(() => series.Append(series),
            "*should start at 2024-02-01 01:00:00 with steps of 1 hour; it starts at 2024-01-31*");
        Refused(() => new Series([No, No]).Fill(GapFilling.Mean), "*'value' has no value at all*");
        Refused(() => new Series([No, 1]).Fill(GapFilling.Seasonal), "*season should be at least 1*");
        FluentActions.Invoking(() => new Series(new float[1]).TimeAt(0)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Intervals_are_found_in_times()
    {
        DateTime[] Months(params int[] months) => [.. months.Select(m => new DateTime(2024, 1, 31).AddMonths(m))];
        SamplingInterval.Find(Months(0, 1, 2, 5)).Should().Be(SamplingInterval.OfMonths(1, day: 31));
        SamplingInterval.Find(Months(0, 12, 24)).ToString().Should().Be("1 year at month ends");
        SamplingInterval.Find(Months(0, 3)).ToString().Should().Be("3 months at month ends");
        SamplingInterval.Find([start, start.AddHours(2), start.AddHours(3)]).Should().Be(hour);
        SamplingInterval.Find([start, start.AddDays(7)]).ToString().Should().Be("1 week");
        hour.StepsBetween(start, start.AddMinutes(90)).Should().BeNull();
        hour.StepsBetween(start, start.AddHours(-3)).Should().Be(-3);
        SamplingInterval.OfMonths(1).Add(new DateTime(2024, 1, 31), 1).Should().Be(new DateTime(2024, 2, 29));
        Refused(() => SamplingInterval.Find([start]), "*at least two times*");
        Refused(() => SamplingInterval.Find([start, start]), "*time 1 is not later than time 0*");
    }

    [Fact]
    public void Scalers_are_fitted_to_the_part_for_training_and_invert_themselves()
    {
        var series = new Series([1, 5, 3, 5, No, 5, 100, 7], ["a", "constant"]);
        foreach (var kind in Enum.GetValues<ScalingKind>())
        {
            var scaler = ChannelScaler.Fit(series.Slice(0, 3), kind);
            var scaled = scaler.Apply(series).Values.ToArray();
            (scaled[0], scaled[2]).Should().Be(kind switch
            {
                ScalingKind.Standard => (-1f, 1f),
                ScalingKind.MinMax => (0f, 1f),
                ScalingKind.MeanAbsolute => (0.5f, 1.5f),
                _ => (1f, 3f),
            });
            scaled[4].Should().Be(No, "missing values stay missing");
            scaler.Invert(scaled);
            scaled.Zip(series.Values.ToArray()).Should()
                .AllSatisfy(p => (p.First == p.Second || float.IsNaN(p.Second)).Should().BeTrue());
            if (kind is ScalingKind.Standard or ScalingKind.MinMax)
                scaler.Scales[1].Should().Be(1, "a constant channel is only shifted");
        }

        Refused(() => new ChannelScaler([1], [0]), "*scales should be finite and above 0*");
        Refused(() => new ChannelScaler([1], [1, 2]), "*1 shifts and 2 scales*");
    }

    [Fact]
    public void Windows_leave_out_gaps_and_share_memory()
    {
        var series = new Series([0, 1, 2, No, 4, 5, 6, 7, 8]);
        var windows = new SlidingWindows(series, lookBack: 2, horizon: 1);
        windows.Select(w => w.Start).Should().Equal(0, 4, 5, 6);
        windows[3].Input.ToArray().Should().Equal(6, 7);
        windows[3].Target.ToArray().Should().Equal(8);
        windows[0].Input.Span.Overlaps(series.Values).Should().BeTrue();
        new SlidingWindows(series, 2, 1, stride: 2).Select(w => w.Start).Should().Equal(0, 4, 6);
        new SlidingWindows(series, 2, 1, skipsGaps: false).Should().HaveCount(7);
        NoData(() => new SlidingWindows(series, 8, 2),
            "*window of 10 steps (8 to read and 2 to forecast) does not fit into 9 steps*");
        NoData(() => new SlidingWindows(series, 5, 1), "*Each window of 6 steps has a missing value*");
    }

    [Fact]
    public void Series_are_split_by_time_with_the_look_back_in_front()
    {
        var series = new Series([.. Enumerable.Range(0, 10)], null, start, hour);
        var split = TimeSplit.Of(series, validation: 2, test: 0.3, lookBack: 2);
        split.Training.Values.ToArray().Should().Equal(0, 1, 2, 3, 4);
        split.Validation!.Values.ToArray().Should().Equal(3, 4, 5, 6);
        split.Test!.Values.ToArray().Should().Equal(5, 6, 7, 8, 9);
        split.Test.Start.Should().Be(start.AddHours(5));
        TimeSplit.Of(series, validation: 1).Test.Should().BeNull();
        NoData(() => TimeSplit.Of(series, 5, 5), "*leave 0 for training*");
        NoData(() => TimeSplit.Of(series, 4, 4, lookBack: 3), "*at least 3*");
    }

    [Fact]
    public void Calendar_features_are_circles()
    {
        var days = CalendarFeatures.Of(new DateTime(2023, 1, 1), SamplingInterval.Of(TimeSpan.FromHours(6)), 29,
            CalendarFeature.TimeOfDay, CalendarFeature.DayOfWeek);
        (days[1, 0], days[1, 1]).Should().Be((1f, 0f), "six o'clock is a quarter of a day");
        days[28, 2].Should().Be(days[0, 2], "a week later is the same day");
        for (var t = 0; t < days.Length; t++)
            ((days[t, 2] * days[t, 2]) + (days[t, 3] * days[t, 3])).Should().BeApproximately(1, 1e-6f);
        var months = CalendarFeatures.Of(new DateTime(2024, 1, 1), SamplingInterval.OfMonths(1), 13, CalendarFeature.DayOfYear);
        months[12, 0].Should().BeApproximately(months[0, 0], 1e-6f);
    }

    private static void Refused(Action act, string message) => act.Should().Throw<ArgumentException>().WithMessage(message);

    private static void NoData(Action act, string message) => act.Should().Throw<DataSourceException>().WithMessage(message);
}
