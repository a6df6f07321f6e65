using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public class RankingMetricsTests
{
    [Fact]
    public void The_area_is_the_part_of_the_pairs_in_the_right_order()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var count = random.Next(2, 40);
            double[] scores = [.. Enumerable.Range(0, count).Select(_ => random.Next(8) / 4.0)];
            bool[] isPositive = [.. Enumerable.Range(0, count).Select(i => i == 0 || (i > 1 && random.Next(3) == 0))];
            var pairs = from p in Enumerable.Range(0, count)
                        from n in Enumerable.Range(0, count)
                        where isPositive[p] && !isPositive[n]
                        select scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
            RankingMetrics.RocArea(scores, isPositive).Should().BeApproximately(pairs.Average(), 1e-12);
            var precision = scores.Where((_, i) => isPositive[i])
                .Average(s => Part(scores.Select((x, i) => x >= s && isPositive[i]), scores.Select(x => x >= s)));
            RankingMetrics.AveragePrecision(scores, isPositive).Should().BeApproximately(precision, 1e-12);
        }

        static double Part(IEnumerable<bool> part, IEnumerable<bool> whole) => part.Count(x => x) / (double)whole.Count(x => x);
    }

    [Fact]
    public void The_curve_goes_from_nothing_to_all()
    {
        RankingMetrics.RocCurve([1, 3, 2], [false, true, false]).Should().Equal(new RocPoint(double.PositiveInfinity, 0, 0),
            new RocPoint(3, 0, 1), new RocPoint(2, 0.5, 1), new RocPoint(1, 1, 1));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused([1], [true, false], "*got 1 scores of 2 cases*");
        Refused([1, double.NaN], [true, false], "*NaN*");
        Refused([1, 2], [false, false], "*at least one positive*");
        Refused([1, 2], [true, true], "*at least one negative*");

        static void Refused(double[] scores, bool[] isPositive, string message) => FluentActions
            .Invoking(() => RankingMetrics.RocArea(scores, isPositive)).Should().Throw<ArgumentException>().WithMessage(message);
    }
}
