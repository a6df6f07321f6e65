namespace SeqCore.Tests.Tensors;

public class TensorInPlaceTests
{
    [Fact]
    public void Writing_through_views_with_broadcast_operands_is_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var sizes = RandomViews.Sizes(random);
            var (y, plainY) = RandomViews.OfSizes(random, RandomViews.Narrower(random, sizes));
            foreach (var (operation, formula) in new (Action<Tensor>, Func<double, double, double>)[]
            {
                (x => x.AddInPlace(y), (a, b) => a + b),
                (x => x.SubtractInPlace(y), (a, b) => a - b),
                (x => x.MultiplyInPlace(y), (a, b) => a * b),
                (x => x.CopyFrom(y), (_, b) => b),
                (x => x.AddInPlace(0.5f), (a, _) => a + 0.5),
                (x => x.MultiplyInPlace(0.5f), (a, _) => a * 0.5),
                (x => x.FillInPlace(0.5f), (_, _) => 0.5),
            })
            {
                var (x, plainX) = RandomViews.OfSizes(random, sizes);
                var expected = Plain.Map(plainX, plainY.BroadcastTo(sizes), formula);
                operation(x);
                expected.ShouldBe(x);
            }
        });

    [Fact]
    public void Only_the_view_is_written()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        x[.., 1..].AddInPlace(10f);
        x.ToArray().Should().Equal(1f, 12f, 13f, 4f, 15f, 16f);
        x[.., 0].CopyFrom([7f, 8f]);
        x.ToArray().Should().Equal(7f, 12f, 13f, 8f, 15f, 16f);
        x.CopyFrom([1f, 2f, 3f, 4f, 5f, 6f]);
        x.ToArray().Should().Equal(1f, 2f, 3f, 4f, 5f, 6f);
    }

    [Fact]
    public void Operands_that_overlap_are_read_before_they_are_written()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f], [2, 2]);
        x.AddInPlace(x.Transpose());
        x.ToArray().Should().Equal(2f, 5f, 5f, 8f);
        x.AddInPlace(x);
        x.ToArray().Should().Equal(4f, 10f, 10f, 16f);
        x.MultiplyInPlace(x[0]);
        x.ToArray().Should().Equal(16f, 100f, 40f, 160f);
        using var line = Tensor.FromArray([1f, 2f, 3f, 4f]);
        line[1..].CopyFrom(line[..3]);
        line.ToArray().Should().Equal(1f, 1f, 2f, 3f);
        line[..2].AddInPlace(line[2..]);
        line.ToArray().Should().Equal(3f, 4f, 2f, 3f);
    }

    [Fact]
    public void A_new_axis_of_size_1_repeats_nothing_and_may_be_written_through()
    {
        using var x = Tensor.Zeros([3]);
        using var row = x.BroadcastTo([1, 3]);
        row.FillInPlace(2f);
        x.ToArray().Should().Equal(2f, 2f, 2f);
    }

    [Fact]
    public void Repeated_elements_and_wrong_shapes_cannot_be_written()
    {
        using var x = Tensor.Zeros([3]);
        using var wide = x.BroadcastTo([2, 3]);
        foreach (var (name, write) in new (string, Action)[] { ("FillInPlace", () => wide.FillInPlace(1f)),
            ("AddInPlace", () => wide.AddInPlace(x)), ("CopyFrom", () => wide.CopyFrom(x)),
            ("CopyFrom", () => wide.CopyFrom(new float[6])),
            ("ScatterAddInPlace", () => wide.ScatterAddInPlace(IndexTensor.FromSpan([0], [1]), Tensor.Ones([1, 3]))) })
        {
            write.Should().Throw<InvalidOperationException>()
                .WithMessage($"{name}: this view of shape (2, 3) repeats elements, so it cannot be written to."
                    + " Hint: write to the tensor that it was made from, or to a Copy() of the view, which you then use instead"
                    + " of it.");
        }

        x.Invoking(t => t.AddInPlace(wide)).Should().Throw<ShapeException>()
            .WithMessage("AddInPlace: tensor should have shape that broadcasts to (3,); got (2, 3)."
                + " Hint: sizes agree from the last axis on, or are 1.");
        x.Invoking(t => t.CopyFrom([1f])).Should().Throw<ShapeException>()
            .WithMessage("CopyFrom: values should have shape (3,) because the tensor is (3,); got (1,).");
    }
}
