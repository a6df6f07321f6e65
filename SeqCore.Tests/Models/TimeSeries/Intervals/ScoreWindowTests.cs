using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class ScoreWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(64)]
    public void Every_rank_is_that_of_the_last_scores_in_order(int size)
    {
        // Few different scores, so that many are equal; one in five is missing.
        var random = new Random(size);
        double[] scores = [.. Enumerable.Range(0, 400).Select(_ => random.Next(5) == 0 ? double.NaN : random.Next(-9, 9))];
        var window = new ScoreWindow(size);
        for (long last = -1; last < 400; last += 1 + (random.Next(10) == 0 ? random.Next(2 * size) : 0))
        {
            var length = (int)Math.Min(last + 1, size);
            window.MoveTo(last, length, k => scores[k]);
            double[] sorted = [.. scores[(int)(last + 1 - length)..(int)(last + 1)].Where(s => !double.IsNaN(s)).Order()];
            window.Count.Should().Be(sorted.Length);
            for (var rank = 1; rank <= sorted.Length; rank++)
                window.Smallest(rank).Should().Be(sorted[rank - 1], "of the window up to {0}", last);
        }
    }

    [Fact]
    public void Weights_from_elsewhere_bring_their_errors()
    {
        using var wide = Fitted(spread: 10);
        using var narrow = Fitted(spread: 1);
        var expected = Width(narrow);
        Width(wide).Should().BeGreaterThan(2 * expected);
        wide.LoadStateDictionary(narrow.StateDictionary());
        Width(wide).Should().BeApproximately(expected, 1e-4f);

        static ConformalForecaster Fitted(int spread)
        {
            var random = new Random(1);
            var forecaster = new ConformalForecaster(new NaiveForecaster(), new ConformalOptions { Horizon = 2 });
            forecaster.Fit(new Series([.. Enumerable.Range(0, 200).Select(_ => spread * random.NextSingle())]));
            return forecaster;
        }

        static float Width(ConformalForecaster forecaster)
        {
            var next = forecaster.ForecastInterval(2, 0.8);
            return next.Upper[1, 0] - next.Lower[1, 0];
        }
    }
}
