using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public sealed class TimeAxisTests
{
    [Theory]
    [InlineData("1949-01-01", 1, 0, 143, "1950 1952 1954 1956 1958 1960")]
    [InlineData("2024-03-15", 1, 0, 4, "Apr 2024,May 2024,Jun 2024,Jul 2024")]
    [InlineData("2024-01-01", 0, 0, 60 * 24, "08 Jan,22 Jan,05 Feb,19 Feb")]
    [InlineData("2024-01-01 10:20", 0, 0, 7, "11:00,12:00,13:00,14:00,15:00,16:00,17:00")]
    public void Ticks_are_at_round_times(string start, int months, double first, double last, string labels)
    {
        var interval = months > 0 ? SamplingInterval.OfMonths(months) : SamplingInterval.Of(TimeSpan.FromHours(1));
        var axis = new TimeAxis(new StepTimes(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), interval),
            first, last);
        axis.Ticks.Select(axis.Label).Should().Equal(labels.Split(labels.Contains(',', StringComparison.Ordinal) ? ',' : ' '));
        axis.Ticks.Should().OnlyContain(t => axis.Place(t) >= 0 && axis.Place(t) <= 1);
    }

    [Fact]
    public void A_tick_between_two_steps_is_at_its_share_of_them()
    {
        var times = new StepTimes(new DateTime(2024, 1, 1, 0, 30, 0), SamplingInterval.Of(TimeSpan.FromHours(1)));
        times.StepOf(new DateTime(2024, 1, 1, 2, 0, 0)).Should().BeApproximately(1.5, 1e-12);
        new StepTimes(new DateTime(2024, 1, 15), SamplingInterval.OfMonths(1)).StepOf(new DateTime(2024, 2, 1))
            .Should().BeApproximately(17.0 / 31, 1e-12);
    }
}
