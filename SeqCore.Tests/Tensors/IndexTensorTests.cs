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
    public void Arithmetic_is_that_of_int32_over_its_whole_range()
    {
        int[] values = [.. Awkward, 7, -7, 3, -3];
        using var column = IndexTensor.FromSpan(values, new Shape(values.Length, 1));
        using var row = IndexTensor.FromSpan(values, new Shape(values.Length));
        Check(column + row, (x, y) => unchecked(x + y));
        Check(column - row, (x, y) => unchecked(x - y));
        Check(column * row, (x, y) => unchecked(x * y));
        Check(IndexTensor.Minimum(column, row), Math.Min);
        Check(IndexTensor.Maximum(column, row), Math.Max);
        values = [.. values[1..]];
        using IndexTensor dividend = column.Slice(0, 1, values.Length), divisor = row.Slice(0, 1, values.Length);
        Check(dividend / divisor, (x, y) => unchecked((int)((long)x / y)));
        Check(dividend % divisor, (x, y) => (int)((long)x % y));
        Check(IndexTensor.FloorDivide(dividend, divisor), (x, y) => unchecked((int)(long)Math.Floor((decimal)x / y)));
        Check(IndexTensor.Remainder(dividend, divisor), (x, y) => (int)(x - y * Math.Floor((decimal)x / y)));

        void Check(IndexTensor result, Func<int, int, int> formula) =>
            result.ToArray().Should().Equal(values.SelectMany(x => values.Select(y => formula(x, y))));
    }

    [Fact]
    public void Arithmetic_with_a_number_takes_every_element()
    {
        (Numbers + 2).ToArray().Should().Equal(5, 3, -2, 3, 7, -7);
        (2 - Numbers).ToArray().Should().Equal(-1, 1, 6, 1, -3, 11);
        (-Numbers).ToArray().Should().Equal(-3, -1, 4, -1, -5, 9);
        (Numbers * 3).ToArray().Should().Equal(9, 3, -12, 3, 15, -27);
        (Numbers / 2).ToArray().Should().Equal(1, 0, -2, 0, 2, -4);
        (Numbers % 4).ToArray().Should().Equal(3, 1, 0, 1, 1, -1);
        (8 / Numbers).ToArray().Should().Equal(2, 8, -2, 8, 1, 0);
        (8 % Numbers).ToArray().Should().Equal(2, 0, 0, 0, 3, 8);
        Numbers.FloorDivide(2).ToArray().Should().Equal(1, 0, -2, 0, 2, -5);
        Numbers.Remainder(4).ToArray().Should().Equal(3, 1, 0, 1, 1, 3);
        Numbers.Clamp(-2, 3).ToArray().Should().Equal(3, 1, -2, 1, 3, -2);
        (1 + IndexTensor.Arange(0)).ToArray().Should().BeEmpty();
        Numbers.Invoking(n => n.Clamp(2, 1)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Nothing_can_be_divided_by_zero()
    {
        using var nothing = IndexTensor.FromArray([]);
        (nothing / 0).ElementCount.Should().Be(0);
        nothing.Remainder(0).ElementCount.Should().Be(0);
    }

    [Fact]
    public void A_division_by_zero_names_the_element()
    {
        using var divisor = IndexTensor.FromArray([1, 0, 2]);
        FluentActions.Invoking(() => Numbers / divisor).Should().Throw<DivideByZeroException>()
            .WithMessage("Divide: element 1 of the divisor is 0.");
        FluentActions.Invoking(() => Numbers.Remainder(0)).Should().Throw<DivideByZeroException>()
            .WithMessage("Remainder: element 0 of the divisor is 0.");
        FluentActions.Invoking(() => Numbers + IndexTensor.Arange(2)).Should().Throw<ShapeException>()
            .WithMessage("Add: (2, 3) and (2,) do not broadcast*");
    }

    [Fact]
    public void Indices_are_chosen_by_masks_with_all_their_bits()
    {
        using var awkward = IndexTensor.FromArray(Awkward);
        using var mask = awkward < 1;
        IndexTensor.Where(mask, awkward, IndexTensor.FromSpan([5], [1])).ToArray()
            .Should().Equal(Awkward.Select(x => x < 1 ? x : 5));
        awkward.MaskedFill(mask, 0x7f800001).ToArray().Should().Equal(Awkward.Select(x => x < 1 ? 0x7f800001 : x));
        mask.ToIndex().ToArray().Should().Equal(Awkward.Select(x => x < 1 ? 1 : 0));
    }

    [Fact]
    public void Numbers_become_indices_rounded_towards_zero()
    {
        using var x = Tensor.FromSpan([1.9f, -1.9f, -0.5f, 3f, -2147483648f, 2147483520f], [2, 3]);
        x.ToIndex().ToArray().Should().Equal(1, -1, 0, 3, int.MinValue, 2147483520);
        x.Transpose().ToIndex().ToArray().Should().Equal(1, 3, -1, int.MinValue, 0, 2147483520);
        foreach (var bad in (float[])[float.NaN, float.PositiveInfinity, 2147483648f, -2147483904f])
        {
            FluentActions.Invoking(() => Tensor.FromArray([1f, bad]).ToIndex()).Should().Throw<ArgumentException>()
                .WithMessage(FormattableString.Invariant($"ToIndex: element 1 is {bad}, which int32 does not have."));
        }
    }

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

    [Fact]
    public void Operations_of_two_tensors_are_methods_of_the_first_too()
    {
        using IndexTensor x = IndexTensor.FromArray([-7, 5, 9]), y = IndexTensor.FromArray([2, 3, -4]);
        x.FloorDivide(y).ToArray().Should().Equal(-4, 1, -3);
        x.Remainder(y).ToArray().Should().Equal(1, 2, -3);
        x.Minimum(y).ToArray().Should().Equal(-7, 3, -4);
        x.Maximum(y).ToArray().Should().Equal(2, 5, 9);
    }

    [Fact]
    public void Equality_operators_compare_elements()
    {
        using IndexTensor predicted = IndexTensor.FromArray([1, 0, 2]), labels = IndexTensor.FromArray([1, 1, 2]);
        (predicted == labels).ToArray().Should().Equal(true, false, true);
        (predicted != labels).ToArray().Should().Equal(false, true, false);
        (predicted == 2).ToArray().Should().Equal(false, false, true);
        (predicted != 2).ToArray().Should().Equal(true, true, false);
        (predicted == labels).ToTensor().Mean().Item().Should().BeApproximately(2f / 3, 1e-6f);
        predicted.Equals(labels).Should().BeFalse();
        FluentActions.Invoking(() => predicted == (IndexTensor)null!).Should().Throw<ArgumentNullException>();
    }
}
