namespace SeqCore.Tests.Tensors;

public class TensorAlongTests
{
    [Fact]
    public void Gather_takes_parts_of_any_axis_and_ScatterAdd_adds_them_back() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.OfSizes(random, [.. RandomViews.Sizes(random, maxRank: 3, minSize: 1), 3]);
            var axis = random.Next(plain.Rank);
            int size = plain.Sizes[axis];
            var lead = RandomViews.Sizes(random, maxRank: 2);
            int[] picks = [.. Plain.Indices(lead).Select(_ => random.Next(-size, size))];
            using var indices = IndexTensor.FromSpan(picks, new Shape(lead));
            using var taken = x.Gather(indices, axis - (random.Next(2) * plain.Rank));
            int[] sizes = [.. plain.Sizes[..axis], .. lead, .. plain.Sizes[(axis + 1)..]];
            int At(int[] i) => (picks[Flat(i[axis..(axis + lead.Length)], lead)] + size) % size;
            new Plain(sizes, i => plain.At([.. i[..axis], At(i), .. i[(axis + lead.Length)..]])).ShouldBe(taken);

            var (sums, before) = RandomViews.OfSizes(random, plain.Sizes);
            sums.ScatterAddInPlace(indices, taken, axis);
            new Plain(plain.Sizes, i => before.At(i) + picks.Count(p => (p + size) % size == i[axis]) * plain.At(i))
                .ShouldBe(sums);
        });

    [Fact]
    public void Only_overloads_with_an_axis_take_negative_indices()
    {
        Tensor x = Tensor.FromArray([1f, 2f, 3f]), one = Tensor.Ones([1]);
        using var last = IndexTensor.FromArray([-1]);
        x.Gather(last, 0).ToArray().Should().Equal(3f);
        x.Invoking(t => t.Gather(last)).Should().Throw<ArgumentException>();
        x.Invoking(t => t.ScatterAddInPlace(last, one)).Should().Throw<ArgumentException>();
        x.ScatterAddInPlace(last, one, 0);
        x.ToArray().Should().Equal(1f, 2f, 4f);
    }

    [Fact]
    public void Elements_along_an_axis_are_gathered_and_scattered_where_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.OfSizes(random,
                [.. RandomViews.Sizes(random, maxRank: 3, minSize: 1), random.Next(1, 5)]);
            var axis = random.Next(plain.Rank);
            int size = plain.Sizes[axis];
            int[] sizes = [.. plain.Sizes.Select((s, i) => i == axis ? random.Next(6) : random.Next(s + 1))];
            int[] picks = [.. Plain.Indices(sizes).Select(_ => random.Next(-size, size))];
            using var indices = IndexTensor.FromSpan(picks, new Shape(sizes));
            int[] Place(int[] i)
            {
                int[] place = [.. i];
                place[axis] = (picks[Flat(i, sizes)] + size) % size;
                return place;
            }

            var signed = axis - (random.Next(2) * plain.Rank);
            new Plain(sizes, i => plain.At(Place(i))).ShouldBe(x.GatherAlong(indices, signed));

            // A source of those sizes, or one that broadcasts to them.
            var (source, values) = RandomViews.OfSizes(random, random.Next(2) == 0 ? sizes : RandomViews.Narrower(random, sizes));
            var spread = values.BroadcastTo(sizes);
            double[] written = plain.Values, added = plain.Values;
            foreach (var i in Plain.Indices(sizes))
            {
                var at = Flat(Place(i), plain.Sizes);
                written[at] = spread.At(i);
                added[at] += spread.At(i);
            }

            Plain.Of([.. written.Select(v => (float)v)], plain.Sizes).ShouldBe(x.ScatterAlong(indices, source, signed));
            Plain.Of([.. added.Select(v => (float)v)], plain.Sizes).ShouldBe(x.ScatterAddAlong(indices, source, signed));
            plain.ShouldBe(x);
            var (copy, _) = RandomViews.OfSizes(random, plain.Sizes);
            copy.CopyFrom(x);
            copy.ScatterAddAlongInPlace(indices, source, axis);
            copy.ToArray().Select(v => (double)v).Should().Equal(added);
            copy.CopyFrom(x);
            copy.ScatterAlongInPlace(indices, source, axis);
            copy.ToArray().Select(v => (double)v).Should().Equal(written);
        });

    [Fact]
    public void A_source_that_shares_memory_is_read_first()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f], [4]);
        using var reversed = IndexTensor.FromSpan([3, 2, 1, 0], [4]);
        x.ScatterAlongInPlace(reversed, x, 0);
        x.ToArray().Should().Equal(4f, 3f, 2f, 1f);
        x.ScatterAddInPlace(reversed, x, 0);
        x.ToArray().Should().Equal(5f, 5f, 5f, 5f);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var x = Tensor.Zeros([2, 3]);
        using var good = IndexTensor.FromSpan([0, 1], [1, 2]);
        using var bad = IndexTensor.FromSpan([0, -4], [1, 2]);
        using var list = IndexTensor.FromSpan([0, 2], [2]);
        using var one = Tensor.Scalar(1f);
        x.Invoking(t => t.GatherAlong(list, 1)).Should().Throw<ShapeException>().WithMessage("GatherAlong: indices should have"
            + " shape (up to 2, any) because the tensor is (2, 3) and the axis is 1; got (2,).");
        x.Invoking(t => t.GatherAlong(IndexTensor.FromSpan([0, 0, 0], [3, 1]), 1)).Should().Throw<ShapeException>();
        x.Invoking(t => t.GatherAlong(bad, 1).ToArray()).Should().Throw<ArgumentException>()
            .WithMessage("GatherAlong: the index at position 1 is -4; expected one of axis 1, in [-3, 3).");
        x.Invoking(t => t.Gather(list, 0).ToArray()).Should().Throw<ArgumentException>()
            .WithMessage("GatherAlong: the index at position 1 is 2; expected one of axis 0, in [-2, 2).");
        x.Invoking(t => t.Gather(list, 2)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Gather: a tensor of shape (2, 3) has axes -2 to 1.*");
        x.Invoking(t => t.ScatterAlong(good, Tensor.Zeros([3]), 1)).Should().Throw<ShapeException>()
            .WithMessage("ScatterAlong: *");
        x.Invoking(t => t.ScatterAddAlong(good, Tensor.Zeros([2, 2]), 1)).Should().Throw<ShapeException>();
        x.Invoking(t => t.ScatterAddInPlace(list, Tensor.Zeros([2, 3]), 1)).Should().Throw<ShapeException>()
            .WithMessage("ScatterAddInPlace: source should have shape (2, 2) because the table is (2, 3), the axis 1 and the"
                + " indices are (2,); got (2, 3).");
        x.Unsqueeze(0).Expand(4, -1, -1).Invoking(t => t.ScatterAlongInPlace(IndexTensor.FromSpan([0], [1, 1, 1]), one, 1))
            .Should().Throw<InvalidOperationException>().WithMessage("ScatterAlongInPlace: this view*repeats elements*");
        Tensor.Scalar(1f).Invoking(t => t.GatherAlong(list, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Indices_are_moved_in_the_same_ways()
    {
        using var x = IndexTensor.FromSpan([7, int.MaxValue, int.MinValue, 0x7f800001, -1, 3], [2, 3]);
        using var picks = IndexTensor.FromSpan([2, -2, 0, 0], [2, 2]);
        x.GatherAlong(picks, 1).ToArray().Should().Equal(int.MinValue, int.MaxValue, 0x7f800001, 0x7f800001);
        x.Gather(IndexTensor.FromSpan([1, -2], [2])).ToArray().Should().Equal([.. x.ToArray()[3..], .. x.ToArray()[..3]]);
        x.Gather(IndexTensor.FromSpan([-1], [1]), 1).ToArray().Should().Equal(int.MinValue, 3);
        using var numbers = IndexTensor.FromSpan([1, 2, 3, 4], [2, 2]);
        x.ScatterAlong(picks, numbers, 1).ToArray().Should().Equal(7, 2, 1, 4, -1, 3);
    }

    private static int Flat(int[] index, int[] sizes) => index.Zip(sizes).Aggregate(0, (flat, p) => flat * p.Second + p.First);
}
