using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class IndexTensorTests
{
    private static readonly IndexTensor Numbers = IndexTensor.FromSpan([3, 1, -4, 1, 5, -9], new Shape(2, 3));

    // Bit patterns that are NaN or denormal as float32, and whole numbers that float32 does not have.
    private static readonly int[] Awkward = [0, 1, -1, int.MaxValue, int.MinValue, 0x7f800001, (1 << 24) + 1, 1 << 24];

    [Fact]
    public void Comparisons_broadcast()
    {
        using var row = IndexTensor.FromSpan([1, 1, 2], new Shape(3));
        (Numbers < row).ToArray().Should().Equal(false, false, true, false, false, true);
        (Numbers <= row).ToArray().Should().Equal(false, true, true, true, false, true);
        (Numbers > row).ToArray().Should().Equal(true, false, false, false, true, false);
        (row >= Numbers).ToArray().Should().Equal(false, true, true, true, false, true);
        Numbers.EqualTo(row).ToArray().Should().Equal(false, true, false, true, false, false);
        Numbers.NotEqualTo(row).ToArray().Should().Equal(true, false, true, false, true, true);
        FluentActions.Invoking(() => Numbers.EqualTo(IndexTensor.Arange(2))).Should().Throw<ShapeException>()
            .WithMessage("EqualTo: (2, 3) and (2,) do not broadcast*");
    }

    [Fact]
    public void Comparisons_with_a_number_take_every_element()
    {
        (Numbers < 1).ToArray().Should().Equal(false, false, true, false, false, true);
        (Numbers <= 1).ToArray().Should().Equal(false, true, true, true, false, true);
        (Numbers > 1).ToArray().Should().Equal(true, false, false, false, true, false);
        (Numbers >= 1).ToArray().Should().Equal(true, true, false, true, true, false);
        Numbers.EqualTo(1).Count().Should().Be(2);
        Numbers.NotEqualTo(1).Count().Should().Be(4);
    }

    [Fact]
    public void All_of_int32_is_compared_exactly()
    {
        using var column = IndexTensor.FromSpan(Awkward, new Shape(Awkward.Length, 1));
        using var row = IndexTensor.FromSpan(Awkward, new Shape(Awkward.Length));
        (column < row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x < y)));
        (column >= row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x >= y)));
        column.EqualTo(row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x == y)));
    }

    [Fact]
    public void Parts_are_copies_with_the_same_bits()
    {
        using var awkward = IndexTensor.FromSpan(Awkward, new Shape(2, 4));
        awkward.Slice(1, 1, 2).ToArray().Should().Equal(Awkward[1], Awkward[2], Awkward[5], Awkward[6]);
        awkward.Slice(1, 0, 2, 2).ToArray().Should().Equal(Awkward[0], Awkward[2], Awkward[4], Awkward[6]);
        awkward.Select(0, -1).ToArray().Should().Equal(Awkward[4..]);
        awkward.Transpose(0, 1).ToArray().Should().Equal([.. Enumerable.Range(0, 8).Select(i => Awkward[i % 2 * 4 + i / 2])]);
        awkward.BroadcastTo([2, 2, 4]).ToArray().Should().Equal([.. Awkward, .. Awkward]);
        IndexTensor.Concat([awkward, Numbers.Slice(1, 0, 1)], 1).Slice(1, 4, 1).ToArray().Should().Equal(3, 1);
        awkward.Slice(1, 0, 0).ToArray().Should().BeEmpty();
        awkward.Invoking(a => a.Slice(1, 3, 2)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_part_outlives_what_it_was_taken_from_and_its_scope()
    {
        IndexTensor part;
        using (new TensorScope())
        {
            using var whole = IndexTensor.Arange(5);
            part = whole.Slice(0, 1, 3);
        }

        part.ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Indices_become_numbers() =>
        IndexTensor.FromSpan(Awkward, new Shape(Awkward.Length)).ToTensor().ToArray()
            .Should().Equal(Array.ConvertAll(Awkward, i => (float)i));

    [Fact]
    public void An_accuracy_needs_no_loop_over_tokens()
    {
        using var logits = Tensor.FromSpan([0f, 1f, 2f, 5f, 0f, 0f, 0f, 3f, 0f], [3, 3]);
        using var targets = IndexTensor.FromSpan([2, 1, 1], [3]);
        logits.ArgMax().EqualTo(targets).Count().Should().Be(2);
    }

    [Fact]
    public void Indices_go_to_another_backend_with_the_same_bits()
    {
        using var backend = new CpuBackend(1);
        using var moved = Numbers.To(backend);
        moved.Backend.Should().BeSameAs(backend);
        moved.Shape.Should().Equal(Numbers.Shape);
        moved.ToArray().Should().Equal(Numbers.ToArray());
        moved.To(backend).Should().BeSameAs(moved);
        moved.Invoking(m => m.To(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Parts_of_a_closed_tensor_and_negative_ends_are_refused()
    {
        var closed = IndexTensor.Arange(3);
        closed.Dispose();
        closed.Invoking(c => c.Slice(0, 0, 2)).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => IndexTensor.Concat([closed])).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => IndexTensor.Arange(-1)).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("end");
    }

    [Fact]
    public void Joining_gives_all_memory_back_but_that_of_the_result()
    {
        using var backend = new CpuBackend(1);
        using (var x = IndexTensor.FromSpan([1, 2], [2], backend))
        using (IndexTensor.Concat([x, x]))
        {
        }

        backend.Memory.InUse.Should().Be(0);
    }
}
