namespace SeqCore.Tests.Tensors;

public class TensorSortingTests
{
    [Fact]
    public void Sort_and_ArgSort_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random);
            if (plain.Rank == 0)
                return;
            var axis = random.Next(plain.Rank);
            var descending = random.Next(2) == 0;
            int[] Order(int[] i)
            {
                double At(int j) => plain.At([.. i[..axis], j, .. i[(axis + 1)..]]);
                var all = Enumerable.Range(0, plain.Sizes[axis]);
                return [.. descending ? all.OrderByDescending(At) : all.OrderBy(At)];
            }

            var (values, indices) = x.Sort(axis - (random.Next(2) * plain.Rank), descending);
            new Plain(plain.Sizes, i => plain.At([.. i[..axis], Order(i)[i[axis]], .. i[(axis + 1)..]])).ShouldBe(values);
            int[] expected = [.. Plain.Indices(plain.Sizes).Select(i => Order(i)[i[axis]])];
            indices.Shape.Should().Equal(plain.Sizes);
            indices.ToArray().Should().Equal(expected);
            x.ArgSort(axis, descending).ToArray().Should().Equal(expected);
            x.GatherAlong(indices, axis).ToArray().Should().Equal(values.ToArray());
        });

    [Fact]
    public void NaN_comes_last_in_ascending_order()
    {
        using var x = Tensor.FromSpan([float.NaN, 2f, float.NegativeInfinity, 1f], [4]);
        x.ArgSort().ToArray().Should().Equal(2, 3, 1, 0);
        x.ArgSort(descending: true).ToArray().Should().Equal(0, 1, 3, 2);
    }

    [Fact]
    public void Missing_axes_are_named()
    {
        Tensor.Scalar(1f).Invoking(x => x.Sort()).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Sort: a scalar has no axes.*");
        Tensor.Zeros([2]).Invoking(x => x.ArgSort(1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("ArgSort: a tensor of shape (2,) has axes -1 to 0.*");
        IndexTensor.Arange(2).Invoking(x => x.Sort(1)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
