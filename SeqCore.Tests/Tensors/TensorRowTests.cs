namespace SeqCore.Tests.Tensors;

public class TensorRowTests
{
    [Fact]
    public void Softmax_and_log_softmax_along_any_axis_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random, minSize: 1);
            if (plain.Rank == 0)
                return;
            var axis = random.Next(plain.Rank);
            var sums = plain.Reduce([axis], v => v.Sum(Math.Exp));
            Plain.Map(plain, sums, (a, s) => Math.Exp(a) / s).ShouldBeNear(x.Softmax(axis));
            Plain.Map(plain, sums, (a, s) => a - Math.Log(s)).ShouldBeNear(x.LogSoftmax(axis - plain.Rank));
        });

    [Fact]
    public void Softmax_of_no_elements_has_none()
    {
        Tensor.Zeros([0, 3]).Softmax().Shape.Should().Equal(0, 3);
        Tensor.Zeros([3, 0]).Softmax(0).Shape.Should().Equal(3, 0);
        FluentActions.Invoking(() => Tensor.Scalar(1f).Softmax())
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Softmax: a scalar has no axes.*");
    }

    [Fact]
    public void TopK_returns_the_largest_in_descending_order() =>
        RandomViews.ForAll(random =>
        {
            int[] sizes = [.. RandomViews.Sizes(random, maxRank: 2), random.Next(1, 9)];
            var (x, plain) = RandomViews.OfSizes(random, sizes);
            var k = random.Next(1, sizes[^1] + 1);
            var (values, indices) = x.TopK(k);
            values.Shape.Should().Equal([.. sizes[..^1], k]);
            indices.Shape.Should().Equal(values.Shape);
            int[][] rows = [.. plain.Floats.Chunk(sizes[^1])
                .Select(row => Enumerable.Range(0, row.Length).OrderByDescending(i => row[i]).ThenBy(i => i).Take(k).ToArray())];
            indices.ToArray().Should().Equal(rows.SelectMany(r => r));
            values.ToArray().Should().Equal(plain.Floats.Chunk(sizes[^1]).Zip(rows, (row, best) => best.Select(i => row[i]))
                .SelectMany(v => v));
        });

    [Fact]
    public void Gather_takes_rows_and_ScatterAdd_adds_them_back() =>
        RandomViews.ForAll(random =>
        {
            int rows = random.Next(1, 6);
            int[] rest = RandomViews.Sizes(random, maxRank: 2, minSize: 1);
            var (table, plain) = RandomViews.OfSizes(random, [rows, .. rest]);
            var lead = RandomViews.Sizes(random, maxRank: 2);
            int[] picks = [.. Plain.Indices(lead).Select(_ => random.Next(rows))];
            using var indices = IndexTensor.FromSpan(picks, new Shape(lead));
            using var taken = table.Gather(indices);
            var expected = new Plain([.. lead, .. rest],
                i => plain.At([picks[Flat(i[..lead.Length], lead)], .. i[lead.Length..]]));
            expected.ShouldBe(taken);

            using var sums = Tensor.Zeros(new Shape([rows, .. rest]));
            sums.ScatterAddInPlace(indices, taken);
            new Plain([rows, .. rest], i => picks.Count(p => p == i[0]) * plain.At(i)).ShouldBe(sums);
        });

    [Fact]
    public void OneHot_has_a_one_at_each_index()
    {
        using var indices = IndexTensor.FromSpan([2, 0, 1, 2], [2, 2]);
        using var hot = Tensor.OneHot(indices, 3);
        hot.Shape.Should().Equal(2, 2, 3);
        hot.ToArray().Should().Equal(0f, 0f, 1f, 1f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 1f);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var x = Tensor.Zeros([2, 3]);
        using var indices = IndexTensor.FromSpan([0, 2], [2]);
        x.Invoking(t => t.TopK(4)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("TopK: k should be between 1 and 3, the size of the last axis of shape (2, 3).*");
        x.Invoking(t => t.TopK(0)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(t => t.Gather(indices).ToArray()).Should().Throw<ArgumentException>().WithMessage("*2*");
        x.Invoking(t => t.ScatterAddInPlace(indices, t[0])).Should().Throw<ShapeException>()
            .WithMessage("ScatterAddInPlace: source should have shape (2, 3) because the table is (2,"
                + " 3) and the indices are (2,); got (3,).");
        x.Transpose().Invoking(t => t.ScatterAddInPlace(indices, Tensor.Zeros([2, 2])))
            .Should().Throw<InvalidOperationException>()
            .WithMessage("ScatterAddInPlace: the table itself should be contiguous, but it is a view of shape (3, 2) that is not,"
                + " and a copy of it would not change it. Hint: ScatterAddInPlace(indices, source, axis: 0) writes to such views"
                + " too.");
        FluentActions.Invoking(() => Tensor.OneHot(indices, 2).ToArray()).Should().Throw<ArgumentException>()
            .WithMessage(indices.Backend.Device.Kind == DeviceKind.Cpu
                ? "OneHot: index 2 at position 1 should be between 0 and 1.*"
                : "Gather: the index at position 1 is 2*");
        FluentActions.Invoking(() => Tensor.OneHot(indices, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static int Flat(int[] index, int[] sizes) => index.Zip(sizes).Aggregate(0, (flat, p) => flat * p.Second + p.First);
}
