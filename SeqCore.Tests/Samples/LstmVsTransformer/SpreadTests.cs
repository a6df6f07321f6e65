using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class SpreadTests
{
    [Fact]
    public void Odd_and_even_numbers_of_values_have_their_median()
    {
        Spread.Of([3, 1, 2]).Should().Be(new Spread(2, 1, 3));
        Spread.Of([4, 1, 2, 3]).Should().Be(new Spread(2.5, 1, 4));
    }

    [Fact]
    public void Half_of_the_runs_giving_up_makes_the_median_infinite()
    {
        Spread.Of([10, double.PositiveInfinity]).Median.Should().Be(double.PositiveInfinity);
        Spread.Of([10, 20, double.PositiveInfinity]).Median.Should().Be(20);
    }
}
