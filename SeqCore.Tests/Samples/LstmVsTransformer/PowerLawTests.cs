using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class PowerLawTests
{
    [Theory]
    [InlineData(3.0, 0.0)]
    [InlineData(0.5, 1.0)]
    [InlineData(1e-9, 2.0)]
    [InlineData(7.0, -1.5)]
    public void An_exact_power_law_is_found_again(double factor, double exponent)
    {
        Point[] points = [.. new[] { 16.0, 32, 100, 1000, 8192 }.Select(n => new Point(n, factor * Math.Pow(n, exponent)))];
        var fit = PowerLaw.Fit(points)!.Value;
        fit.Exponent.Should().BeApproximately(exponent, 1e-10);
        fit.Factor.Should().BeApproximately(factor, 1e-9 * factor);
        PowerLaw.AtTheEnd(points).Should().BeApproximately(exponent, 1e-10);
    }

    [Fact]
    public void The_fit_is_least_squares_of_the_logarithms()
    {
        // log y over log x: (0, 0), (1, 2), (2, 1); the slope by hand is (sum of dx dy) / (sum of dx^2) = 1 / 2.
        Point[] points = [new(1, 1), new(Math.E, Math.Exp(2)), new(Math.Exp(2), Math.E)];
        PowerLaw.Fit(points)!.Value.Exponent.Should().BeApproximately(0.5, 1e-12);
    }

    [Fact]
    public void The_last_points_have_their_own_exponent()
    {
        Point[] points = [.. new[] { 1.0, 10, 100, 1000, 10000 }.Select(n => new Point(n, 1e6 + n * n))];
        PowerLaw.Fit(points)!.Value.Exponent.Should().BeLessThan(0.7);
        PowerLaw.AtTheEnd(points).Should().BeGreaterThan(1.5);
    }

    [Fact]
    public void One_length_has_no_exponent()
    {
        PowerLaw.Fit([new(16, 1)]).Should().BeNull();
        PowerLaw.AtTheEnd([]).Should().BeNull();
    }
}
