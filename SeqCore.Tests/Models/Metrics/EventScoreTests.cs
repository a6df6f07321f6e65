using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public sealed class EventScoreTests
{
    private static readonly StepRange[] windows = [new(10, 5), new(50, 10), new(90, 10)];

    [Fact]
    public void Events_alarms_and_delays_are_counted()
    {
        var score = EventScore.Of(100, windows, [3, 12, 14, 59, 60]);
        (score.Events, score.FoundEvents, score.Alarms, score.FalseAlarms).Should().Be((3, 2, 5, 2));
        score.MeanDelay.Should().Be((2 + 9) / 2.0);
        score.Precision.Should().Be(0.5);
        score.Recall.Should().BeApproximately(2 / 3.0, 1e-12);
        score.F1.Should().BeApproximately(4 / 7.0, 1e-12);
        score.FalseAlarmsPerWeek(TimeSpan.FromDays(0.7)).Should().BeApproximately(0.2, 1e-12);

        // Of what is before the start, only a window that reaches beyond it counts.
        var late = EventScore.Of(100, windows, [3, 12, 14, 59, 60], start: 14);
        (late.Events, late.FoundEvents, late.Alarms, late.FalseAlarms, late.Steps).Should().Be((3, 2, 3, 1, 86));

        var both = EventScore.Sum([score, EventScore.Of(20, [new(5, 2)], [6])]);
        (both.Events, both.FoundEvents, both.Steps).Should().Be((4, 3, 120));
        both.MeanDelay.Should().BeApproximately((2 + 9 + 1) / 3.0, 1e-12);
    }

    [Fact]
    public void Nothing_found_has_no_delay_and_wrong_steps_are_refused()
    {
        var none = EventScore.Of(100, windows, []);
        (none.Recall, none.FalseAlarms).Should().Be((0, 0));
        none.MeanDelay.Should().Be(double.NaN);
        none.Precision.Should().Be(double.NaN);
        FluentActions.Invoking(() => EventScore.Of(100, windows, [5, 5])).Should().Throw<ArgumentException>()
            .WithMessage("*alarm 1 is at step 5*");
        FluentActions.Invoking(() => EventScore.Of(100, windows, [100])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => EventScore.Of(95, windows, [])).Should().Throw<ArgumentException>().WithMessage("*window*");
        FluentActions.Invoking(() => none.FalseAlarmsPerWeek(TimeSpan.Zero)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
