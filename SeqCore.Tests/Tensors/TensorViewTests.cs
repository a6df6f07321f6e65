namespace SeqCore.Tests.Tensors;

public class TensorViewTests
{
    [Fact]
    public void Views_of_views_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (tensor, plain) = RandomViews.Any(random);
            plain.ShouldBe(tensor);
        }, 500);

    [Fact]
    public void Reshape_keeps_the_row_major_order_and_copies_only_where_it_must() =>
        RandomViews.ForAll(random =>
        {
            var (tensor, plain) = RandomViews.Any(random);
            var sizes = Regroup(random, plain.Values.Length);
            using var reshaped = tensor.Reshape(new Shape(sizes));
            reshaped.Shape.Should().Equal(sizes);
            reshaped.ToArray().Should().Equal(plain.Floats);
            if (tensor.IsContiguous)
                reshaped.SharesMemory.Should().BeTrue();
        }, 500);

    [Fact]
    public void Reshape_is_a_view_where_the_layout_allows_though_it_is_not_contiguous()
    {
        using var x = Tensor.FromSpan([.. Enumerable.Range(0, 24).Select(i => (float)i)], [4, 6]);
        using var left = x.Slice(1, 0, 4);
        using var cut = left.Reshape(4, 2, 2);
        cut.SharesMemory.Should().BeTrue();
        x.FillInPlace(7f);
        cut.ToArray().Should().OnlyContain(v => v == 7f);
        using var inFront = left.Unsqueeze(0);
        inFront.Reshape(4, 2, 2).SharesMemory.Should().BeTrue("an axis of size 1 may have any stride");
        using var joined = left.Reshape(16);
        x.FillInPlace(8f);
        joined.ToArray().Should().OnlyContain(v => v == 7f, "rows with a gap between them have to be copied");
    }

    [Fact]
    public void Reshape_finds_the_size_left_open()
    {
        using var x = Tensor.Zeros([2, 3, 4]);
        x.Reshape(6, -1).Shape.Should().Equal(6, 4);
        x.Reshape(-1).Shape.Should().Equal(24);
        x.Reshape(2, -1, 2, 1).Shape.Should().Equal(2, 6, 2, 1);
        x.Flatten().Shape.Should().Equal(24);
        x.Flatten(1).Shape.Should().Equal(2, 12);
        x.Flatten(0, -2).Shape.Should().Equal(6, 4);
        x.Flatten(1, 1).Shape.Should().Equal(2, 3, 4);
        Tensor.Scalar(1f).Flatten().Shape.Should().Equal(1);
    }

    [Fact]
    public void All_eight_axes_may_be_named()
    {
        using var x = Tensor.Ones([1, 1, 1, 1, 1, 1, 1, 6]);
        using var y = x.Reshape(2, 1, 1, 1, 1, 1, 1, -1);
        y.Shape.Should().Equal(2, 1, 1, 1, 1, 1, 1, 3);
        y.Expand(-1, 1, 1, 1, 1, 1, 4, -1).Shape.Should().Equal(2, 1, 1, 1, 1, 1, 4, 3);
        x.Invoking(t => t.Reshape(1, 1, 1, 1, 1, 1, 1, 6, -1)).Should().Throw<ArgumentException>().WithMessage("*8 axes; got 9.");
    }

    [Fact]
    public void Transpose_exchanges_the_rows_and_columns_of_each_matrix_of_a_batch()
    {
        var (x, _) = RandomViews.Contiguous(new Random(1), 2, 3, 4);
        using var turned = x.Transpose();
        turned.Shape.Should().Equal(2, 4, 3);
        turned[1, 3, 2].Item().Should().Be(x[1, 2, 3].Item());
    }

    [Fact]
    public void No_elements_from_the_end_on_are_an_empty_view_in_any_layout()
    {
        using var x = Tensor.FromSpan(new float[6], [2, 3]);
        using var lastColumn = x[.., 2..];
        lastColumn.Slice(0, 2, 0).ToArray().Should().BeEmpty();
        lastColumn[2..].ToArray().Should().BeEmpty();
    }

    [Fact]
    public void Writing_through_a_view_is_seen_in_all()
    {
        using var x = Tensor.Zeros([2, 3]);
        using var column = x[.., 1];
        column.FillInPlace(5f);
        using var turned = x.Transpose();
        x.ToArray().Should().Equal(0f, 5f, 0f, 0f, 5f, 0f);
        turned.ToArray().Should().Equal(0f, 0f, 5f, 5f, 0f, 0f);
        turned.Contiguous().SharesMemory.Should().BeFalse();
        x.Contiguous().Should().BeSameAs(x);
    }

    [Fact]
    public void A_view_keeps_the_memory_when_the_tensor_it_came_from_is_disposed()
    {
        var x = Tensor.FromSpan([1f, 2f, 3f], [3]);
        using var view = x.Slice(0, 1, 2);
        x.Dispose();
        view.ToArray().Should().Equal(2f, 3f);
    }

    [Fact]
    public void Squeeze_and_unsqueeze_undo_each_other()
    {
        using var x = Tensor.Zeros([2, 1, 3, 1]);
        x.Squeeze().Shape.Should().Equal(2, 3);
        x.Squeeze(1).Shape.Should().Equal(2, 3, 1);
        x.Squeeze(-1).Shape.Should().Equal(2, 1, 3);
        x.Unsqueeze(0).Shape.Should().Equal(1, 2, 1, 3, 1);
        x.Unsqueeze(-1).Shape.Should().Equal(2, 1, 3, 1, 1);
        x.Unsqueeze(-5).Shape.Should().Equal(1, 2, 1, 3, 1);
        Tensor.Scalar(1f).Unsqueeze(0).Shape.Should().Equal(1);
    }

    [Fact]
    public void Expand_keeps_sizes_of_minus_one()
    {
        using var x = Tensor.FromSpan([1f, 2f], [2, 1]);
        using var wide = x.Expand(3, -1, 2);
        wide.Shape.Should().Equal(3, 2, 2);
        wide.ToArray().Should().Equal(1f, 1f, 2f, 2f, 1f, 1f, 2f, 2f, 1f, 1f, 2f, 2f);
    }

    [Fact]
    public void Brackets_take_elements_and_ranges()
    {
        using var x = Tensor.FromSpan([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 3, 4]);
        x[1].Shape.Should().Equal(3, 4);
        x[1, 2, 3].Item().Should().Be(23f);
        x[-1, ^1, -4].Item().Should().Be(20f);
        x[0, 1..].ToArray().Should().Equal(4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f);
        x[.., 0, ^2..].ToArray().Should().Equal(2f, 3f, 14f, 15f);
        x[0, 3..3].Shape.Should().Equal(0, 4);
        x[..].Shape.Should().Equal(2, 3, 4);
    }

    [Fact]
    public void Split_and_chunk_are_views_that_Concat_puts_together_again()
    {
        var (x, _) = RandomViews.Contiguous(new Random(1), 5, 6);
        x.Split(2).Select(p => p.Shape[0]).Should().Equal(2, 2, 1);
        x.Split([1, 0, 5], 1).Select(p => p.Shape[1]).Should().Equal(1, 0, 5);
        x.Chunk(3, -1).Should().AllSatisfy(p => p.Shape.Should().Equal(5, 2))
            .And.AllSatisfy(p => p.SharesMemory.Should().BeTrue());
        Tensor.Concat(x.Chunk(3, 1), 1).ToArray().Should().Equal(x.ToArray());
        Tensor.Concat(x.Split(2), 0).ToArray().Should().Equal(x.ToArray());
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named(Action<Tensor> mistake, string message)
    {
        using var x = Tensor.FromSpan(new float[6], [2, 3]);
        mistake.Invoking(m => m(x)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    public static TheoryData<Action<Tensor>, string> Mistakes => new()
    {
        { x => x.Reshape(4), "Reshape: result should have shape of 6 elements because the tensor has shape (2, 3); got (4,)." },
        { x => x.Reshape(4, -1), "Reshape: result should have shape of 6 elements*got (4, 1)."
            + " Hint: no size for the -1 on axis 1 (1 in the shape above) gives that number." },
        { x => x.Reshape(-1, -1), "Reshape: only one size may be -1, which is inferred from the others; got (-1, -1).*" },
        { x => x.Reshape(0, -1), "Reshape: result should have shape of 6 elements*" },
        { x => x.Transpose(0, 2), "Transpose: a tensor of shape (2, 3) has axes -2 to 1.*" },
        { x => x[0].Transpose(), "Transpose: tensor should have shape (..., rows, columns); got (3,)."
            + " Hint: a vector has one axis; insert another with Unsqueeze." },
        { x => x.Permute(0, 0), "Permute: the order should contain each of the 2 axes of shape (2, 3) once; got (0, 0)." },
        { x => x.Permute(0), "Permute: the order should contain each of the 2 axes of shape (2, 3) once; got (0)." },
        { x => x.Slice(1, 1, 3), "Slice: axis 1 of shape (2, 3) has no 3 elements from 1.*" },
        { x => x.Slice(1, 1, 2, 2), "Slice: axis 1 of shape (2, 3) has no 2 elements from 1 in steps of 2.*" },
        { x => x.Slice(1, -1, 1), "Slice: axis 1 of shape (2, 3) has no 1 element from -1.*" },
        { x => x.Slice(1, 0, -1), "Slice: axis 1 of shape (2, 3) has no -1 elements from 0.*" },
        { x => x.Slice(1, 0, 1, 0), "Slice: step should be at least 1.*" },
        { x => x.Select(1, 3), "Select: axis 1 of shape (2, 3) has indices -3 to 2.*" },
        { x => x.BroadcastTo([4, 3]), "BroadcastTo: tensor should have shape that broadcasts to (4, 3); got (2, 3)."
            + " Hint: sizes agree from the last axis on, or are 1." },
        { x => x.BroadcastTo([3]), "BroadcastTo: tensor should have shape that broadcasts to (3,); got (2, 3).*" },
        { x => x.Squeeze(1), "Squeeze: tensor should have shape (2, 1) because axis 1 is to be removed; got (2, 3)." },
        { x => x.Unsqueeze(3), "Unsqueeze: the result has axes -3 to 2.*" },
        { x => x.Unsqueeze(-4), "Unsqueeze: the result has axes -3 to 2.*" },
        { x => x.Reshape((Shape)null!), "*'shape'*" },
        { x => x.BroadcastTo(null!), "*'shape'*" },
        { x => x.Reshape(1, 1, 1, 1, 1, 1, 1, 6).Unsqueeze(0),
            "Unsqueeze: a tensor has at most 8 axes, which shape (1, 1, 1, 1, 1, 1, 1, 6) has already." },
        { x => x.Flatten(1, 0), "Flatten: the first axis should not be after the last; got 1 and 0 of shape (2, 3)." },
        { x => _ = x[0, 0, 0], "Tensor[...]: shape (2, 3) has fewer axes than there are indices, 3.*" },
        { x => _ = x[2], "Tensor[...]: 2 does not lie on axis 0 of shape (2, 3).*" },
        { x => _ = x[.., 1..5], "Tensor[...]: 1..5 does not lie on axis 1 of shape (2, 3).*" },
        { x => _ = x[.., 2..1], "Tensor[...]: 2..1 does not lie on axis 1 of shape (2, 3).*" },
        { x => x.Item(), "Item: tensor should have shape of one element; got (2, 3)."
            + " Hint: take an element with [...] or Select, or reduce with Sum or Mean." },
        { x => x.Chunk(2, 1),
            "Chunk: axis 1 of shape (2, 3) does not divide into 2 equal parts. Hint: Split takes a size for each." },
        { x => x.Chunk(0, 1), "Chunk: count should be at least 1.*" },
        { x => x.Split(0), "Split: size should be at least 1.*" },
        { x => x.Split([4, -1], 1), "Split: size should be at least 0.*" },
        { x => x.Split([1, 1], 1), "Split: the sizes should add up to 3, axis 1 of shape (2, 3); got (1, 1), which is 2." },
        { x => Tensor.Concat([], 0), "Concat: at least one tensor is needed.*" },
        { x => Tensor.Concat([x, x[0]], 0),
            "Concat: tensors[1] should have shape (1, 3) because tensors[0] is (2, 3) and only axis 0 may differ; got (3,)." },
        { x => Tensor.Concat([x, x[.., ..2]], 0), "Concat: tensors[1] should have shape (2, 3) because*; got (2, 2)." },
        { x => Tensor.Stack([x, x[..1]]),
            "Stack: tensors[1] should have shape (2, 3) because that is the shape of tensors[0]; got (1, 3)." },
        { x => Tensor.Stack([x], 3), "Stack: the result has axes -3 to 2.*" },
        { x => Tensor.Scalar(1f).Select(0, 0), "Select: a scalar has no axes.*" },
    };

    private static int[] Regroup(Random random, int count)
    {
        var sizes = new List<int>();
        for (var rest = count; sizes.Count < 5 && rest > 1;)
        {
            int[] divisors = [.. Enumerable.Range(1, rest).Where(d => rest % d == 0)];
            var size = divisors[random.Next(divisors.Length)];
            sizes.Add(size);
            rest /= size;
        }

        var product = sizes.Aggregate(1, (a, b) => a * b);
        if (count == 0)
            sizes.Insert(random.Next(sizes.Count + 1), 0);
        else if (product != count)
            sizes.Add(count / product);
        return [.. sizes];
    }

    [Fact]
    public void Parts_can_be_assigned()
    {
        var x = Tensor.Zeros([2, 3]);
        x[0] = Tensor.FromArray([1f, 2f, 3f]);
        x[.., 2] = Tensor.Scalar(7f);
        x[1, ..2] += 5f;
        x.ToArray().Should().Equal(1f, 2f, 7f, 5f, 5f, 7f);
        x.Invoking(t => t[0] = Tensor.Ones([2])).Should().Throw<ShapeException>();
        x.Invoking(t => t[2] = Tensor.Ones([3])).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_number_is_written_to_an_element_or_a_part()
    {
        var x = Tensor.Zeros([2, 3]);
        x.SetInPlace(3f, 0, 1);
        x.SetInPlace(4f, ^1, ..2);
        x.SetInPlace(5f, 1, -1);
        x.ToArray().Should().Equal(0f, 3f, 0f, 4f, 4f, 5f);
        x.SetInPlace(1f);
        x.ToArray().Should().OnlyContain(e => e == 1f);
        x.Invoking(t => t.SetInPlace(1f, 0, 3)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
