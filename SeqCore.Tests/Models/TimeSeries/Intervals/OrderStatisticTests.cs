using SeqCore.Models;

namespace SeqCore.Tests.Models.TimeSeries.Intervals;

public sealed class OrderStatisticTests
{
    [Fact]
    public void Every_rank_is_that_of_the_sorted_numbers()
    {
        var random = new Random(1);
        for (var length = 1; length < 60; length++)
        {
            // Few different numbers, so that many are equal.
            double[] numbers = [.. Enumerable.Range(0, length).Select(_ => (double)random.Next(1 + (length / 2)))];
            double[] sorted = [.. numbers.Order()];
            for (var rank = 1; rank <= length; rank++)
                OrderStatistic.Smallest((double[])numbers.Clone(), rank).Should().Be(sorted[rank - 1]);
        }
    }
}
