namespace SeqCore.Tests.Tensors;

public class TensorCreationTests
{
    [Fact]
    public void Constants_fill_their_shape()
    {
        Tensor.Zeros([2, 3]).ToArray().Should().Equal(new float[6]);
        Tensor.Ones([2]).ToArray().Should().Equal(1f, 1f);
        Tensor.Full([1, 2], -3f).ToArray().Should().Equal(-3f, -3f);
        Tensor.Scalar(5f).Shape.Should().BeEmpty();
        Tensor.Scalar(5f).Item().Should().Be(5f);
        Tensor.Zeros([3, 0]).ToArray().Should().BeEmpty();
    }

    [Fact]
    public void Arange_steps_from_start_to_before_end()
    {
        Tensor.Arange(4).ToArray().Should().Equal(0f, 1f, 2f, 3f);
        Tensor.Arange(1f, 2f, 0.25f).ToArray().Should().Equal(1f, 1.25f, 1.5f, 1.75f);
        Tensor.Arange(3f, 0f, -1f).ToArray().Should().Equal(3f, 2f, 1f);
        Tensor.Arange(3f, 0f).ToArray().Should().BeEmpty();
        Tensor.Arange(0f, 100_000f, 0.1f).ToArray()[^1]
            .Should().Be((float)((1_000_000 - 1) * (double)0.1f), "errors do not add up");
        FluentActions.Invoking(() => Tensor.Arange(0f, 1f, 0f)).Should().Throw<ArgumentException>()
            .WithMessage("Arange: start, end and step should be finite and the step not 0; got 0, 1 and 0.");
        FluentActions.Invoking(() => Tensor.Arange(0f, float.NaN)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Tensor.Arange(0f, 1e10f))
            .Should().Throw<SizeLimitException>().WithMessage("Arange: *elements, more than 2^31 - 1. Use a larger step.");
    }

    [Fact]
    public void Linspace_includes_both_ends()
    {
        Tensor.Linspace(-1f, 1f, 5).ToArray().Should().Equal(-1f, -0.5f, 0f, 0.5f, 1f);
        Tensor.Linspace(2f, 3f, 1).ToArray().Should().Equal(2f);
        Tensor.Linspace(2f, 3f, 0).ToArray().Should().BeEmpty();
        Tensor.Linspace(0.1f, 0.7f, 7).ToArray()[^1].Should().Be(0.7f);
    }

    [Fact]
    public void Eye_has_its_diagonal()
    {
        Tensor.Eye(2).ToArray().Should().Equal(1f, 0f, 0f, 1f);
        Tensor.Eye(2, 3).ToArray().Should().Equal(1f, 0f, 0f, 0f, 1f, 0f);
    }

    [Fact]
    public void Arrays_of_any_kind_become_tensors_and_come_back()
    {
        Tensor.FromArray([1f, 2f]).Shape.Should().Equal(2);
        float[,] matrix = { { 1f, 2f, 3f }, { 4f, 5f, 6f } };
        using var x = Tensor.FromArray(matrix);
        x.Shape.Should().Equal(2, 3);
        x.ToArray().Should().Equal(1f, 2f, 3f, 4f, 5f, 6f);
        x.ToArray2D().Should().BeEquivalentTo(matrix);
        x.Transpose().ToArray2D()[2, 1].Should().Be(6f);
        x.ToRows().Should().BeEquivalentTo(new[] { new[] { 1f, 2f, 3f }, [4f, 5f, 6f] }, o => o.WithStrictOrdering());
        Tensor.FromArray(new[] { new[] { 1f, 2f }, [3f, 4f] }).ToArray().Should().Equal(1f, 2f, 3f, 4f);
        Tensor.FromArray(new[, ,] { { { 1f, 2f } }, { { 3f, 4f } } }).Shape.Should().Equal(2, 1, 2);
        Tensor.FromArray(new float[0, 3]).Shape.Should().Equal(0, 3);
        Tensor.FromArray(new float[2, 0, 3]).ToArray().Should().BeEmpty();
        Tensor.FromArray(new float[0, 3]).ToArray2D().GetLength(1).Should().Be(3);
        var part = new float[8];
        x.CopyTo(part);
        part.Should().Equal(1f, 2f, 3f, 4f, 5f, 6f, 0f, 0f);
    }

    [Fact]
    public void Wrong_conversions_are_named()
    {
        FluentActions.Invoking(() => Tensor.FromSpan([1f], [2])).Should().Throw<ShapeException>()
            .WithMessage("FromSpan: values should have shape (2,) because the shape is (2,); got (1,).");
        FluentActions.Invoking(() => Tensor.FromArray(new float[][] { [1f], [1f, 2f] })).Should().Throw<ShapeException>()
            .WithMessage("FromArray: rows[1] should have shape (1,) because that is the length of rows[0]; got (2,).");
        FluentActions.Invoking(() => Tensor.Zeros([2]).ToArray2D()).Should().Throw<ShapeException>()
            .WithMessage("ToArray2D: tensor should have shape (rows, columns); got (2,).");
        FluentActions.Invoking(() => Tensor.Zeros([2]).ToRows()).Should().Throw<ShapeException>();
        FluentActions.Invoking(() => Tensor.Zeros([2]).CopyTo(new float[1])).Should().Throw<ArgumentException>()
            .WithMessage("CopyTo: the destination should hold 2 values, shape (2,); its length is 1.*");
        FluentActions.Invoking(() => IndexTensor.FromSpan([1], [2])).Should().Throw<ShapeException>()
            .WithMessage("IndexTensor.FromSpan: values should have shape (2,) because the shape is (2,); got (1,).");
        FluentActions.Invoking(() => IndexTensor.FromSpan([1], [1]).Reshape([2])).Should().Throw<ShapeException>()
            .WithMessage("Reshape: result should have shape of 1 element because the tensor has shape (1,); got (2,).");
    }

    [Fact]
    public void Tensors_of_System_Numerics_come_and_go() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random, minSize: 1);
            var theirs = x.ToNumerics();
            theirs.Lengths.ToArray().Select(n => (int)n).Should().Equal(plain.Rank == 0 ? [1] : plain.Sizes);
            plain.ShouldBe(Tensor.FromNumerics(theirs).Reshape(new Shape(plain.Sizes)));
            if (plain.Rank >= 2)
            {
                plain.Select(0, 0).ShouldBe(Tensor.FromNumerics(theirs.AsReadOnlyTensorSpan()
                    .Slice([.. Enumerable.Repeat(System.Buffers.NRange.All, plain.Rank).Select((r, i) => i == 0 ? 0..1 : r)]))
                    .Squeeze(0));
            }
        }, 100);

    [Fact]
    public void A_copy_on_another_backend_is_its_own()
    {
        using var other = new SeqCore.Kernels.CpuBackend(1);
        using var x = Tensor.FromArray([1f, 2f]);
        using var moved = x.Transpose(0, 0).To(other);
        moved.Backend.Should().BeSameAs(other);
        x.FillInPlace(0f);
        moved.ToArray().Should().Equal(1f, 2f);
        moved.To(other).Should().BeSameAs(moved);
    }
}
