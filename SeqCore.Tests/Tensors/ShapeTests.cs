namespace SeqCore.Tests.Tensors;

public class ShapeTests
{
    [Fact]
    public void Shapes_are_values()
    {
        Shape shape = [2, 3];
        shape.Should().Equal(2, 3);
        shape.Equals(new Shape(2, 3)).Should().BeTrue();
        shape.GetHashCode().Should().Be(new Shape(2, 3).GetHashCode());
        shape.Equals(new Shape(3, 2)).Should().BeFalse();
        shape.Equals(new Shape(2, 3, 1)).Should().BeFalse();
        shape.Equals("(2, 3)").Should().BeFalse();
        shape.ElementCount.Should().Be(6);
        shape[-1].Should().Be(3);
        shape.With(-2, 5).Should().Equal(5, 3);
        ((Shape)new[] { 4 }).Should().Equal(4);
        Shape.Scalar.ElementCount.Should().Be(1);
        new Shape(0, int.MaxValue).ElementCount.Should().Be(0);
    }

    [Fact]
    public void They_are_written_as_Python_writes_tuples()
    {
        new Shape(32, 100, 256).ToString().Should().Be("(32, 100, 256)");
        new Shape(3).ToString().Should().Be("(3,)");
        Shape.Scalar.ToString().Should().Be("()");
    }

    [Fact]
    public void Impossible_shapes_are_refused()
    {
        FluentActions.Invoking(() => new Shape(2, -1))
            .Should().Throw<ArgumentException>().WithMessage("Shape: sizes should not be negative; got (2, -1).");
        FluentActions.Invoking(() => new Shape(65536, 65536))
            .Should().Throw<SizeLimitException>()
            .WithMessage("Shape: (65536, 65536) would have 4,294,967,296 elements, more than 2^31 - 1. *");
        FluentActions.Invoking(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1))
            .Should().Throw<ArgumentException>().WithMessage("Shape: a tensor has at most 8 axes; got 9.");
        FluentActions.Invoking(() => new Shape(2)[1])
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("Shape (2,) has axes -1 to 0.*");
    }

    [Fact]
    public void Broadcasting_is_commutative_and_takes_the_larger_size() =>
        RandomViews.ForAll(random =>
        {
            var sizes = RandomViews.Sizes(random);
            var (left, right) = (new Shape(sizes), new Shape(RandomViews.Narrower(random, sizes)));
            var both = Shape.Broadcast(left, right, "Test");
            both.Should().Equal(sizes);
            Shape.Broadcast(right, left, "Test").Should().Equal(sizes);
        });

    [Fact]
    public void A_shape_error_carries_its_parts()
    {
        var error = ShapeException.Wrong("LstmCell", "gates", "(B, 4H) = (32, 2048)", [32, 1536], "previousCell is (32, 512)",
            "1536 is 3H; were these GRU gates?");
        error.Message.Should().Be("LstmCell: gates should have shape (B, 4H) = (32, 2048) because previousCell is (32, 512);"
            + " got (32, 1536). Hint: 1536 is 3H; were these GRU gates?");
        (error.Operation, error.Expected, error.Actual).Should().Be(("LstmCell", "(B, 4H) = (32, 2048)", "(32, 1536)"));
    }

    [Fact]
    public void An_axis_can_be_counted_from_the_end()
    {
        Shape shape = [2, 3, 4];
        (shape[^1], shape[^3], shape[-1], shape[0]).Should().Be((4, 2, 4, 2));
        foreach (var axis in new Index[] { ^0, ^4, 3 })
        {
            shape.Invoking(s => s[axis]).Should().Throw<ArgumentOutOfRangeException>()
                .WithMessage("Shape (2, 3, 4) has axes -3 to 2.*");
        }
    }
}
