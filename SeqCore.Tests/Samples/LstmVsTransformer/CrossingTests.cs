using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class CrossingTests
{
    private static readonly double[] lengths = [16, 64, 256, 1024, 4096];

    [Fact]
    public void Power_laws_cross_where_algebra_says()
    {
        // 500 n = n^2 at n = 500, where both are 250,000.
        var linear = Curve(Contender.Lstm, n => 500 * n);
        var square = Curve(Contender.Transformer, n => n * n);
        var crossing = Crossing.Find(linear, square).Should().ContainSingle().Subject;
        crossing.X.Should().BeApproximately(500, 1e-6);
        crossing.Y.Should().BeApproximately(250_000, 1e-3);
        crossing.LessAfter.Should().Be(Contender.Lstm);
        Crossing.Find(square, linear).Single().LessAfter.Should().Be(Contender.Lstm);
    }

    [Fact]
    public void Curves_that_stay_apart_do_not_cross()
    {
        Crossing.Find(Curve(Contender.Lstm, n => n), Curve(Contender.Transformer, n => 2 * n)).Should().BeEmpty();
        Crossing.FirstIsLess(Curve(Contender.Lstm, n => n), Curve(Contender.Transformer, n => 2 * n))
            .Should().OnlyContain(less => less).And.HaveCount(5);
    }

    [Fact]
    public void A_crossing_at_a_measured_length_is_found_once()
    {
        var crossing = Crossing.Find(Curve(Contender.Lstm, n => 256 * n), Curve(Contender.Transformer, n => n * n))
            .Should().ContainSingle().Subject;
        crossing.X.Should().BeApproximately(256, 1e-6);
    }

    [Fact]
    public void Curves_that_touch_do_not_cross() =>
        Crossing.Find(Curve(Contender.Lstm, _ => 1), Curve(Contender.Transformer, n => n == 256 ? 1 : 2)).Should().BeEmpty();

    [Fact]
    public void Only_lengths_of_both_curves_count()
    {
        var crossing = Crossing.Find(Curve(Contender.Lstm, n => 500 * n),
            new Curve(Contender.Transformer, [new(16, 256), new(4096, 4096.0 * 4096)]));
        crossing.Single().X.Should().BeApproximately(500, 1e-6);
        Crossing.Find(Curve(Contender.Lstm, n => n), new Curve(Contender.Transformer, [new(7, 1)])).Should().BeEmpty();
    }

    private static Curve Curve(Contender model, Func<double, double> value) =>
        new(model, [.. lengths.Select(n => new Point(n, value(n)))]);
}
