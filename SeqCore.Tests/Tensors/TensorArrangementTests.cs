namespace SeqCore.Tests.Tensors;

public class TensorArrangementTests
{
    [Fact]
    public void Elements_are_where_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random, maxRank: 3);
            int[] axes = [.. Enumerable.Range(0, plain.Rank).Where(_ => random.Next(2) == 0)];
            int[] flipped = axes.Length == 0 ? [.. Enumerable.Range(0, plain.Rank)] : axes;
            new Plain(plain.Sizes, i => plain.At([.. i.Select((at, a) => flipped.Contains(a) ? plain.Sizes[a] - 1 - at : at)]))
                .ShouldBe(x.Flip([.. axes.Select(a => random.Next(2) == 0 ? a : a - plain.Rank)]));

            (int Before, int After)[] padding = [.. plain.Sizes.Select(_ => (random.Next(3), random.Next(3)))];
            new Plain([.. plain.Sizes.Select((s, a) => s + padding[a].Before + padding[a].After)], i =>
            {
                int[] own = [.. i.Select((at, a) => at - padding[a].Before)];
                return own.Where((at, a) => at < 0 || at >= plain.Sizes[a]).Any() ? 0.5 : plain.At(own);
            }).ShouldBe(x.Pad(padding, 0.5f));

            int[] counts = [.. Enumerable.Range(0, random.Next(plain.Rank + 2)).Select(_ => random.Next(4))];
            int[] ones = [.. Enumerable.Repeat(1, Math.Max(0, counts.Length - plain.Rank)), .. plain.Sizes];
            int[] all = [.. Enumerable.Repeat(1, ones.Length - counts.Length), .. counts];
            new Plain([.. ones.Zip(all, (s, c) => s * c)],
                i => plain.At([.. i[(ones.Length - plain.Rank)..].Select((at, a) => at % plain.Sizes[a])]))
                .ShouldBe(x.Tile(counts));
            if (plain.Rank == 0)
                return;

            int axis = random.Next(plain.Rank), size = plain.Sizes[axis], count = random.Next(4), shift = random.Next(-9, 10);
            Plain Along(int length, Func<int, int> from) =>
                new([.. plain.Sizes[..axis], length, .. plain.Sizes[(axis + 1)..]],
                    i => plain.At([.. i[..axis], from(i[axis]), .. i[(axis + 1)..]]));
            Along(size * count, at => at / count).ShouldBe(x.Repeat(count, axis - plain.Rank));
            int[] own = [.. Enumerable.Range(0, size).Select(_ => random.Next(4))];
            int[] copies = [.. own.SelectMany((times, at) => Enumerable.Repeat(at, times))];
            Along(copies.Length, at => copies[at]).ShouldBe(x.Repeat(own, axis));
            Along(size, at => ((at - shift) % size + size) % size).ShouldBe(x.Roll(shift, axis));
            x.Pad(axis, 1, 2, -1f).Shape.Should().Equal(Along(size + 3, at => at).Sizes);
        });

    [Fact]
    public void Triangles_keep_their_side_of_a_diagonal_and_hide_NaN() =>
        RandomViews.ForAll(random =>
        {
            int[] sizes = [.. RandomViews.Sizes(random, maxRank: 2), random.Next(5), random.Next(5)];
            var (x, plain) = RandomViews.OfSizes(random, sizes);
            var diagonal = random.Next(-5, 6);
            Plain Where(Func<int, int, bool> kept) => new(sizes, i => kept(i[^2], i[^1]) ? plain.At(i) : 0);
            Where((row, column) => column <= row + diagonal).ShouldBe(x.LowerTriangle(diagonal));
            Where((row, column) => column >= row + diagonal).ShouldBe(x.UpperTriangle(diagonal));
            using var hidden = Tensor.Full([2, 2], float.NaN);
            hidden.LowerTriangle(-2).ToArray().Should().OnlyContain(v => v == 0);
        });

    [Fact]
    public void Sums_and_products_along_an_axis_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random);
            if (plain.Rank == 0)
                return;
            var axis = random.Next(plain.Rank);
            var (reverse, exclusive) = (random.Next(2) == 0, random.Next(2) == 0);
            Plain Expect(double start, Func<double, double, double> join) => new(plain.Sizes, i =>
            {
                var result = start;
                for (var j = 0; j < plain.Sizes[axis]; j++)
                {
                    if ((reverse ? j > i[axis] : j < i[axis]) || (j == i[axis] && !exclusive))
                        result = join(result, plain.At([.. i[..axis], j, .. i[(axis + 1)..]]));
                }

                return result;
            });
            Expect(0, (a, b) => a + b).ShouldBe(x.CumulativeSum(axis, reverse, exclusive));
            Expect(1, (a, b) => a * b).ShouldBeNear(x.CumulativeProduct(axis - plain.Rank, reverse, exclusive));
        });

    [Fact]
    public void Results_have_memory_of_their_own()
    {
        using var x = Tensor.FromSpan([1f, 2f], [1, 2]);
        foreach (var result in (Tensor[])[x.Flip(0), x.Roll(0, 1), x.Pad(0, 0, 0), x.Tile(1, 1), x.Tile(), x.Repeat(1, 1),
            x.Repeat([1, 1], 1)])
        {
            result.FillInPlace(7f);
        }

        x.ToArray().Should().Equal(1f, 2f);
    }

    [Fact]
    public void Elements_can_be_repeated_by_numbers_of_their_own()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        x.Repeat([2, 0, 1], -1).ToArray().Should().Equal(1f, 1f, 3f, 4f, 4f, 6f);
        x.Repeat([0, 2], 0).ToArray().Should().Equal(4f, 5f, 6f, 4f, 5f, 6f);
        x.Repeat([0, 0, 0], 1).Shape.Should().Equal(2, 0);
        x.Slice(1, 0, 0).Repeat([], 1).Shape.Should().Equal(2, 0);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var x = Tensor.Zeros([2, 3]);
        x.Invoking(t => t.Flip(0, -2)).Should().Throw<ArgumentException>()
            .WithMessage("Flip: axis 0 is named twice; got (0, -2).");
        x.Invoking(t => t.Flip(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Flip: a tensor of shape (2, 3)*");
        x.Invoking(t => t.Roll(1, 2)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(t => t.Pad([(1, 1)])).Should().Throw<ArgumentException>()
            .WithMessage("Pad: shape (2, 3) needs 2 pairs of numbers, one for each axis; got 1.*");
        x.Invoking(t => t.Pad(0, -1, 0)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(t => t.Pad(0, int.MaxValue, 0)).Should().Throw<SizeLimitException>();
        x.Invoking(t => t.Tile(-1)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(t => t.Repeat(2, 2)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(t => t.Repeat([1, 2], 1)).Should().Throw<ShapeException>()
            .WithMessage("Repeat: counts should have shape (3,) because axis 1 of (2, 3) has 3 elements; got (2,).*");
        x.Invoking(t => t.Repeat([1, 2, -3], 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Repeat: count 2 should be at least 0.*-3*");
        x.Invoking(t => t.Repeat([int.MaxValue, 1], 0)).Should().Throw<SizeLimitException>();
        x[0].Invoking(t => t.LowerTriangle()).Should().Throw<ShapeException>()
            .WithMessage("LowerTriangle: tensor should have shape (..., rows, columns); got (3,).");
        x.Invoking(t => t.CumulativeSum(2)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
