namespace SeqCore.Tests.Tensors;

public class IndexTensorReductionTests
{
    private static readonly int[] Values = [3, -1, 7, 7, 0, -9, int.MaxValue, int.MinValue, (1 << 24) + 1, 5, 5, -2];

    [Fact]
    public void Reductions_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var sizes = RandomViews.Sizes(random, maxSize: 6);
            int[] values = [.. Plain.Indices(sizes).Select(_ => random.Next(int.MinValue, int.MaxValue))];
            var plain = new Plain(sizes, index => values[Flat(sizes, index)]);
            using var x = IndexTensor.FromSpan(values, new Shape(sizes));
            int[] axes = [.. Enumerable.Range(0, sizes.Length).Where(_ => random.Next(2) == 0)];
            int[] named = [.. axes.Select(a => random.Next(2) == 0 ? a : a - sizes.Length)];
            Check(x.Sum(named, true), axes, group => group.Aggregate(0, (a, b) => unchecked(a + (int)b)));
            x.Sum(named).Shape.Should().Equal(sizes.Where((_, i) => !axes.Contains(i)));
            Check(x.Sum().Reshape([.. sizes.Select(_ => 1)]), [.. Enumerable.Range(0, sizes.Length)],
                group => group.Aggregate(0, (a, b) => unchecked(a + (int)b)));
            if (values.Length == 0)
                return;
            Check(x.Max(named, true), axes, group => (int)group.Max());
            Check(x.Min(named, true), axes, group => (int)group.Min());
            foreach (var axis in axes)
            {
                Check(x.Max(axis, true), [axis], group => (int)group.Max());
                Check(x.ArgMax(axis, true), [axis], group => Array.IndexOf(group, group.Max()));
                Check(x.ArgMin(axis, true, last: true), [axis], group => Array.LastIndexOf(group, group.Min()));
            }

            void Check(IndexTensor actual, int[] reduced, Func<double[], int> of)
            {
                var expected = plain.Reduce(reduced, group => of(group));
                actual.Shape.Should().Equal(expected.Sizes);
                actual.ToArray().Should().Equal(expected.Values.Select(v => (int)v));
            }
        });

    [Fact]
    public void All_elements_and_axes_are_reduced()
    {
        using var x = IndexTensor.FromSpan(Values, new Shape(2, 2, 3));
        x.Max().ToArray().Should().Equal(int.MaxValue);
        x.Min().ToArray().Should().Equal(int.MinValue);
        x.Max().Shape.Should().Equal(Shape.Scalar);
        x.Sum(2).ToArray().Should().Equal(9, -2, (1 << 24) + 1 - 1, 8);
        x.Min(0, keepDimensions: true).ToArray().Should().Equal(3, int.MinValue, 7, 5, 0, -9);
        x.ArgMax(-1).ToArray().Should().Equal(2, 0, 0, 0);
        x.ArgMax(-1, last: true).ToArray().Should().Equal(2, 0, 0, 1);
        x.ArgMin(1).ToArray().Should().Equal(0, 0, 1, 1, 0, 1);
        x.ArgMin(1, keepDimensions: true).Shape.Should().Equal(2, 1, 3);
        x.ToArray().Should().Equal(Values, "the tensor does not change");
    }

    [Fact]
    public void A_sum_beyond_int32_wraps_around_as_the_operators_do()
    {
        using var x = IndexTensor.FromSpan([int.MaxValue, 1, int.MinValue, -1], new Shape(2, 2));
        x.Sum(1).ToArray().Should().Equal(int.MinValue, int.MaxValue);
        (x[.., 0] + x[.., 1]).ToArray().Should().Equal(int.MinValue, int.MaxValue);
        x.Sum().ToArray().Should().Equal(-1);
        IndexTensor.FromArray([int.MaxValue, 1]).ToTensor().Sum().Item().Should().Be(2147483648f);
    }

    [Fact]
    public void Nothing_sums_to_zero_and_has_no_largest()
    {
        using var x = IndexTensor.FromSpan([], new Shape(2, 0, 3));
        x.Sum().ToArray().Should().Equal(0);
        x.Sum(1).ToArray().Should().Equal(0, 0, 0, 0, 0, 0);
        x.Sum(0).Shape.Should().Equal(0, 3);
        x.Max(0).Shape.Should().Equal(0, 3);
        x.Invoking(t => t.Max(1)).Should().Throw<ShapeException>()
            .WithMessage("Max: tensor should have shape with elements on axis 1; got (2, 0, 3)*");
        x.Invoking(t => t.Min()).Should().Throw<ShapeException>().WithMessage("Min: *");
        x.Invoking(t => t.ArgMin(1)).Should().Throw<ShapeException>().WithMessage("ArgMin: *");
    }

    [Fact]
    public void Mistakes_have_the_tensors_messages()
    {
        using var x = IndexTensor.FromSpan(Values, new Shape(3, 4));
        x.Invoking(t => t.Sum([0, -2])).Should().Throw<ArgumentException>()
            .WithMessage("Sum: axis 0 is named twice; got (0, -2).");
        x.Invoking(t => t.Max(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Max: a tensor of shape (3, 4)*");
        x.Invoking(t => t.ArgMax(-3)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("ArgMax: *");
    }

    [Fact]
    public void Reductions_give_all_memory_back_but_that_of_the_result()
    {
        using var backend = new SeqCore.Kernels.CpuBackend(1);
        using (var x = IndexTensor.FromSpan(Values, new Shape(3, 4), backend))
        using (x.Sum(0))
        using (x.Max())
        using (x.ArgMin(0))
        {
        }

        backend.Memory.InUse.Should().Be(0);
    }

    private static int Flat(int[] sizes, int[] index)
    {
        var flat = 0;
        for (var i = 0; i < sizes.Length; i++)
            flat = flat * sizes[i] + index[i];
        return flat;
    }
}
