namespace SeqCore.Tests.Tensors;

public class TensorReductionTests
{
    [Fact]
    public void Reductions_over_any_axes_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random, minSize: 1);
            var (axes, signed, kept) = Axes(random, plain.Rank);
            Plain Expect(Func<double[], double> join)
            {
                var full = plain.Reduce(axes, join);
                return kept ? full : axes.OrderDescending().Aggregate(full, (p, axis) => p.Select(axis, 0));
            }

            Expect(v => v.Sum()).ShouldBe(x.Sum(signed, kept));
            Expect(v => v.Aggregate(1.0, (a, b) => a * b)).ShouldBeNear(x.Product(signed, kept));
            Expect(v => v.Average()).ShouldBeNear(x.Mean(signed, kept));
            Expect(v => v.Max()).ShouldBe(x.Max(signed, kept));
            Expect(v => v.Min()).ShouldBe(x.Min(signed, kept));
            Expect(v => v.Sum(a => a * a)).ShouldBe(x.SumOfSquares(signed, kept));
            Expect(v => Math.Log(v.Sum(Math.Exp))).ShouldBeNear(x.LogSumExp(signed, kept));
            Expect(v => Math.Sqrt(v.Sum(a => a * a))).ShouldBeNear(x.Norm(signed, kept));
            Expect(v => v.Sum(a => Math.Pow(a - v.Average(), 2)) / v.Length).ShouldBeNear(x.Variance(signed, kept));
            Expect(v => Math.Sqrt(v.Sum(a => Math.Pow(a - v.Average(), 2)) / v.Length))
                .ShouldBeNear(x.StandardDeviation(signed, kept), 1e-3);
        });

    [Fact]
    public void Without_axes_everything_is_reduced()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 6f], [2, 2]);
        x.Sum().Shape.Should().BeEmpty();
        x.Sum().Item().Should().Be(12f);
        x.Product().Item().Should().Be(36f);
        x.Product(-1).ToArray().Should().Equal(2f, 18f);
        x.Mean().Item().Should().Be(3f);
        x.Max().Item().Should().Be(6f);
        x.Min().Item().Should().Be(1f);
        x.SumOfSquares().Item().Should().Be(50f);
        x.Norm().Item().Should().Be(MathF.Sqrt(50f));
        x.Variance().Item().Should().Be(3.5f);
        x.Variance(1, correction: 1).ToArray().Should().Equal(0.5f, 4.5f);
        x.StandardDeviation(1, keepDimensions: true, correction: 1).Shape.Should().Equal(2, 1);
        x.StandardDeviation().Item().Should().Be(MathF.Sqrt(3.5f));
        x.LogSumExp().Item().Should().BeApproximately(6.0719f, 1e-3f);
        x.Sum([]).ToArray().Should().Equal(x.ToArray(), "no axis named is no axis reduced");
    }

    [Fact]
    public void Few_values_have_no_unbiased_variance()
    {
        using var x = Tensor.Zeros([4, 1]);
        x.Invoking(t => t.Variance(1, correction: 1)).Should().Throw<ArgumentException>()
            .WithMessage("Variance: with correction 1, at least 2 elements should be reduced at a time; got 1 of shape (4, 1)."
                + " Use correction 0 or more elements.*");
        x.Invoking(t => t.StandardDeviation(1, correction: 1)).Should().Throw<ArgumentException>()
            .WithMessage("StandardDeviation: with correction 1*");
        x.Invoking(t => t.Variance(0, correction: -1)).Should().Throw<ArgumentOutOfRangeException>();
        x.Variance(1).ToArray().Should().Equal(0f, 0f, 0f, 0f);
        Tensor.Zeros([0, 1]).Variance(1, correction: 1).Shape.Should().Equal(0);
    }

    [Fact]
    public void Empty_axes_sum_to_zero_and_have_no_maximum()
    {
        using var x = Tensor.Zeros([2, 0]);
        x.Sum(1).ToArray().Should().Equal(0f, 0f);
        x.Product(1).ToArray().Should().Equal(1f, 1f);
        x.Mean(1).ToArray().Should().OnlyContain(v => float.IsNaN(v));
        x.Max(0).Shape.Should().Equal(0);
        x.Invoking(t => t.Max(1)).Should().Throw<ShapeException>()
            .WithMessage("Max: tensor should have shape with elements on axis 1; got (2, 0).");
        x.Invoking(t => t.Min()).Should().Throw<ShapeException>()
            .WithMessage("Min: tensor should have shape with elements on axis 1; got (2, 0).");
        x.Invoking(t => t.ArgMax(1)).Should().Throw<ShapeException>()
            .WithMessage("ArgMax: tensor should have shape with elements on axis 1; got (2, 0).");
        x.Invoking(t => t.ArgMin(1)).Should().Throw<ShapeException>().WithMessage("ArgMin: *");
    }

    [Fact]
    public void Axes_are_named_once_and_exist()
    {
        using var x = Tensor.Zeros([2, 3]);
        x.Invoking(t => t.Sum([0, -2]))
            .Should().Throw<ArgumentException>().WithMessage("Sum: axis 0 is named twice; got (0, -2).");
        x.Invoking(t => t.Mean(2)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Mean: a tensor of shape (2, 3) has axes -2 to 1.*");
    }

    [Fact]
    public void ArgMax_and_ArgMin_find_the_first_or_the_last_of_equals() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random, minSize: 1);
            if (plain.Rank == 0)
                return;
            var axis = random.Next(plain.Rank);
            using var most = x.ArgMax(axis - (random.Next(2) * plain.Rank), keepDimensions: true);
            using var least = x.ArgMin(axis);
            most.Shape.Should().Equal(plain.Reduce([axis], v => 0).Sizes);
            most.ToArray().Should().Equal(plain.Reduce([axis], v => Array.IndexOf(v, v.Max())).Values.Select(v => (int)v));
            least.ToArray().Should().Equal(plain.Reduce([axis], v => Array.IndexOf(v, v.Min())).Values.Select(v => (int)v));
            x.ArgMax(axis, last: true).ToArray()
                .Should().Equal(plain.Reduce([axis], v => Array.LastIndexOf(v, v.Max())).Values.Select(v => (int)v));
            x.ArgMin(axis, last: true).ToArray()
                .Should().Equal(plain.Reduce([axis], v => Array.LastIndexOf(v, v.Min())).Values.Select(v => (int)v));
        });

    [Fact]
    public void SumTo_undoes_broadcasting() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.OfSizes(random, RandomViews.Sizes(random, minSize: 1));
            var target = RandomViews.Narrower(random, plain.Sizes);
            var lead = plain.Rank - target.Length;
            int[] axes = [.. Enumerable.Range(0, plain.Rank).Where(i => i < lead || target[i - lead] != plain.Sizes[i])];
            var expected = plain.Reduce(axes, v => v.Sum());
            for (var i = 0; i < lead; i++)
                expected = expected.Select(0, 0);
            expected.ShouldBe(x.SumTo(new Shape(target)));
        });

    [Fact]
    public void SumTo_returns_the_tensor_itself_where_nothing_was_broadcast()
    {
        using var x = Tensor.Zeros([2, 3]);
        x.SumTo([2, 3]).Should().BeSameAs(x);
        x.Invoking(t => t.SumTo([2])).Should().Throw<ShapeException>()
            .WithMessage("SumTo: shape should have shape that broadcasts to (2, 3); got (2,).");
        x.Invoking(t => t.SumTo([1, 2, 3])).Should().Throw<ShapeException>();
    }

    private static (int[] Axes, int[] Signed, bool Kept) Axes(Random random, int rank)
    {
        int[] axes = [.. Enumerable.Range(0, rank).Where(_ => random.Next(2) == 0)];
        random.Shuffle(axes);
        return (axes, [.. axes.Select(a => random.Next(2) == 0 ? a : a - rank)], random.Next(2) == 0);
    }
}
