namespace SeqCore.Tests.Tensors;

public class IndexTensorViewTests
{
    // Among them bit patterns that are NaN or denormal as float32.
    private static readonly int[] Awkward =
        [0, 1, -1, int.MaxValue, int.MinValue, 0x7f800001, (1 << 24) + 1, 1 << 24, -7, 2, 3, 5];

    private static readonly IndexTensor Numbers = IndexTensor.FromSpan(Awkward, new Shape(2, 3, 2));

    public static TheoryData<string, Func<IndexTensor, IndexTensor>, Func<Tensor, Tensor>> Views => new()
    {
        { "permute", x => x.Permute(2, 0, -2), x => x.Permute(2, 0, 1) },
        { "transpose", x => x.Transpose(), x => x.Transpose() },
        { "reshape", x => x.Reshape(3, -1), x => x.Reshape(3, -1) },
        { "unsqueeze", x => x.Unsqueeze(-1), x => x.Unsqueeze(-1) },
        { "squeeze", x => x.Unsqueeze(1).Squeeze(1), x => x },
        { "squeeze all", x => x.Unsqueeze(1).Unsqueeze(0).Squeeze(), x => x },
        { "flip", x => x.Flip(), x => x.Flip() },
        { "flip axes", x => x.Flip(0, -1), x => x.Flip(0, -1) },
        { "expand", x => x.Unsqueeze(0).Expand(2, -1, 3, 2), x => x.Unsqueeze(0).Expand(2, -1, 3, 2) },
        { "index", x => x[^1, 1.., 0], x => x[^1, 1.., 0] },
        { "copy", x => x.Copy(), x => x },
    };

    [Theory, MemberData(nameof(Views))]
    public void Rearranged_as_tensors_are_with_the_same_bits(string name, Func<IndexTensor, IndexTensor> view,
        Func<Tensor, Tensor> tensorView)
    {
        // The tensor holds the positions of the numbers.
        using var positions = Tensor.Arange(Awkward.Length).Reshape(2, 3, 2);
        var expected = tensorView(positions);
        using var actual = view(Numbers);
        actual.Shape.Should().Equal(expected.Shape, name);
        actual.Rank.Should().Be(expected.Rank);
        actual.ToArray().Should().Equal(expected.ToArray().Select(i => Awkward[(int)i]), name);
    }

    [Fact]
    public void Views_outlive_the_original_and_copies_are_apart()
    {
        var whole = IndexTensor.Arange(4);
        using var view = whole.Reshape(2, -1);
        using var copy = whole.Copy();
        whole.Dispose();
        view.ToArray().Should().Equal(0, 1, 2, 3);
        copy.ToArray().Should().Equal(0, 1, 2, 3);
        whole.Invoking(w => w.Unsqueeze(0)).Should().Throw<ObjectDisposedException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Integers_are_sorted_along_any_axis(bool descending)
    {
        foreach (var axis in (int[])[0, 1, -1])
        {
            var (values, indices) = Numbers.Sort(axis, descending);
            values.ToArray().Should().Equal(Numbers.GatherAlong(indices, axis).ToArray());
            var last = values.Transpose(axis, -1).ToArray().Chunk(Numbers.Shape[axis]);
            last.Should().OnlyContain(row => descending
                ? row.SequenceEqual(row.OrderDescending())
                : row.SequenceEqual(row.Order()));
        }

        IndexTensor.FromArray([2, 1, 2, 1]).Sort(0, descending).Indices.ToArray()
            .Should().Equal(descending ? [0, 2, 1, 3] : [1, 3, 0, 2]);
        IndexTensor.FromArray([]).Sort().Values.ToArray().Should().BeEmpty();
    }

    [Fact]
    public void Mistakes_have_the_tensors_messages()
    {
        Numbers.Invoking(x => x.Reshape(5, -1)).Should().Throw<ShapeException>().WithMessage("Reshape: *");
        Numbers.Invoking(x => x.Squeeze(0)).Should().Throw<ShapeException>().WithMessage("Squeeze: *");
        Numbers.Invoking(x => x.Permute(0, 1)).Should().Throw<ArgumentException>().WithMessage("Permute: *");
        Numbers.Invoking(x => x[0, 0, 0, 0]).Should().Throw<ArgumentOutOfRangeException>();
        Numbers.Invoking(x => x.Expand(3, 3, 2)).Should().Throw<ShapeException>();
        Numbers.Invoking(x => x.Flip(0, 0)).Should().Throw<ArgumentException>().WithMessage("Flip: axis 0 is named twice*");
        IndexTensor.Arange(2).Invoking(x => x.Transpose()).Should().Throw<ShapeException>();
    }
}
