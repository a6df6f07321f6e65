using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class CrossingTests
{
    private static readonly double[] lengths = [16, 64, 256, 1024, 4096];

    [Fact]
    public void Power_laws_cross_where_algebra_says()
    {
        // 500 n = n^2 at n = 500, where both are 250,000.
        var linear = Curve("linear", n => 500 * n);
        var square = Curve("square", n => n * n);
        var crossing = Crossing.Find(linear, square).Should().ContainSingle().Subject;
        crossing.X.Should().BeApproximately(500, 1e-6);
        crossing.Y.Should().BeApproximately(250_000, 1e-3);
        crossing.LessAfter.Should().Be("linear");
        Crossing.Find(square, linear).Single().LessAfter.Should().Be("linear");
    }

    [Fact]
    public void Curves_that_stay_apart_do_not_cross()
    {
        Crossing.Find(Curve("a", n => n), Curve("b", n => 2 * n)).Should().BeEmpty();
        Crossing.FirstIsLess(Curve("a", n => n), Curve("b", n => 2 * n)).Should().OnlyContain(less => less).And.HaveCount(5);
    }

    [Fact]
    public void A_crossing_at_a_measured_length_is_found_once()
    {
        var crossing = Crossing.Find(Curve("linear", n => 256 * n), Curve("square", n => n * n)).Should().ContainSingle().Subject;
        crossing.X.Should().BeApproximately(256, 1e-6);
    }

    [Fact]
    public void Curves_that_touch_do_not_cross() =>
        Crossing.Find(Curve("flat", _ => 1), Curve("above", n => n == 256 ? 1 : 2)).Should().BeEmpty();

    [Fact]
    public void Only_lengths_of_both_curves_count()
    {
        var crossing = Crossing.Find(Curve("linear", n => 500 * n),
            new Curve("square", [new(16, 256), new(4096, 4096.0 * 4096)]));
        crossing.Single().X.Should().BeApproximately(500, 1e-6);
        Crossing.Find(Curve("a", n => n), new Curve("b", [new(7, 1)])).Should().BeEmpty();
    }

    private static Curve Curve(string name, Func<double, double> value) =>
        new(name, [.. lengths.Select(n => new Point(n, value(n)))]);
}
