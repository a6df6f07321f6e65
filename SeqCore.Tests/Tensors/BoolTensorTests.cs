using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class BoolTensorTests
{
    private static readonly BoolTensor Two = BoolTensor.FromArray(new[,] { { true, false, true }, { false, false, true } });

    [Fact]
    public void Logic_broadcasts_as_plain_loops_do() =>
        RandomViews.ForAll(random =>
        {
            var sizes = RandomViews.Sizes(random);
            var (x, plainX) = Mask(random, sizes);
            var (y, plainY) = Mask(random, RandomViews.Narrower(random, sizes));
            Plain.Map(plainX, plainY, (a, b) => a * b).ShouldBe(x & y);
            Plain.Map(plainX, plainY, Math.Max).ShouldBe(x | y);
            Plain.Map(plainX, plainY, (a, b) => a != b ? 1 : 0).ShouldBe(x ^ y);
            plainX.Map(a => 1 - a).ShouldBe(!x);
        });

    [Fact]
    public void Reductions_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = Mask(random, RandomViews.Sizes(random));
            x.Any().Should().Be(plain.Values.Any(v => v != 0));
            x.All().Should().Be(plain.Values.All(v => v != 0));
            x.Count().Should().Be(plain.Values.Count(v => v != 0));
            if (x.Rank == 0)
                return;
            var axis = random.Next(x.Rank);
            plain.Reduce([axis], v => v.Any(e => e != 0) ? 1 : 0).ShouldBe(x.Any(axis, keepDimensions: true));
            plain.Reduce([axis], v => v.All(e => e != 0) ? 1 : 0).ShouldBe(x.All(axis, keepDimensions: true));
            plain.Reduce([axis], v => v.Count(e => e != 0)).ShouldBe(x.Count(axis, keepDimensions: true));
            x.Any(axis).Shape.Should().Equal(x.Count(axis).Shape);
        });

    [Fact]
    public void A_count_beyond_the_whole_numbers_of_float32_is_exact()
    {
        const int most = 1 << 24;
        using var mask = BoolTensor.Full([most + 3], true);
        mask.Count().Should().Be(most + 3);
    }

    [Fact]
    public void Views_are_those_of_tensors()
    {
        Two.Transpose().ToArray().Should().Equal(true, false, false, false, true, true);
        Two.Transpose(0, 1).ToArray().Should().Equal(Two.Permute(1, 0).ToArray());
        Two.Reshape(-1).Shape.Should().Equal(6);
        Two.Reshape(new Shape(3, 2)).ToArray().Should().Equal(Two.ToArray());
        Two.Slice(1, 0, 2, 2).ToArray().Should().Equal(true, true, false, true);
        Two.Select(0, -1).ToArray().Should().Equal(false, false, true);
        Two[.., 2].ToArray().Should().Equal(true, true);
        Two[0, 0].Item().Should().BeTrue();
        Two.Unsqueeze(1).Expand(-1, 2, -1).ToArray().Should().Equal(true, false, true, true, false, true, false, false, true,
            false, false, true);
        Two.Unsqueeze(0).Squeeze(0).Shape.Should().Equal(2, 3);
        Two[1].BroadcastTo([2, 3]).ToArray().Should().Equal(false, false, true, false, false, true);
        BoolTensor.Concat([Two, !Two]).Count().Should().Be(6);
        Two.Copy().ToArray().Should().Equal(Two.ToArray());
        Two.To(Two.Backend).Should().BeSameAs(Two);
    }

    [Fact]
    public void Arrays_and_numbers_come_and_go()
    {
        Two.Shape.Should().Equal(2, 3);
        Two.ToTensor().ToArray().Should().Equal(1f, 0f, 1f, 0f, 0f, 1f);
        Two.ToTensor().NotEqualTo(0f).ToArray().Should().Equal(Two.ToArray());
        using var numbers = Two.ToTensor();
        numbers.FillInPlace(7f);
        Two.Count().Should().Be(3, "numbers are a copy");
        BoolTensor.FromArray(new bool[0, 2]).Shape.Should().Equal(0, 2);
        FluentActions.Invoking(() => BoolTensor.FromSpan([true], new Shape(2))).Should().Throw<ShapeException>();
    }

    [Fact]
    public void Triangles_have_their_diagonals()
    {
        BoolTensor.LowerTriangle(3, 3).ToTensor().ToArray().Should().Equal(1f, 0f, 0f, 1f, 1f, 0f, 1f, 1f, 1f);
        BoolTensor.LowerTriangle(2, 3, 1).ToTensor().ToArray().Should().Equal(1f, 1f, 0f, 1f, 1f, 1f);
        BoolTensor.UpperTriangle(2, 3).ToTensor().ToArray().Should().Equal(1f, 1f, 1f, 0f, 1f, 1f);
        BoolTensor.UpperTriangle(2, 3, 1).ToTensor().ToArray().Should().Equal(0f, 1f, 1f, 0f, 0f, 1f);
        BoolTensor.UpperTriangle(2, 2, int.MaxValue).Any().Should().BeFalse();
    }

    [Fact]
    public void A_length_mask_is_true_within_each_sequence()
    {
        using var lengths = IndexTensor.FromSpan([2, 0, 3], new Shape(3));
        BoolTensor.LengthMask(lengths, 3).ToArray().Should().Equal(true, true, false, false, false, false, true, true, true);
        FluentActions.Invoking(() => BoolTensor.LengthMask(lengths, 2).ToArray()).Should().Throw<ArgumentException>()
            .WithMessage(lengths.Backend.Device.Kind == DeviceKind.Cpu
                ? "LengthMask: length 3 of sequence 2 should be between 0 and 2, the number of steps.*"
                : "*index at position 2 is 3*");
        FluentActions.Invoking(() => BoolTensor.LengthMask(lengths.Reshape([3, 1]), 3)).Should().Throw<ShapeException>()
            .WithMessage("LengthMask: lengths should have shape (B,); got (3, 1).");
    }

    [Fact]
    public void Kinds_of_numbers_are_found_element_by_element()
    {
        using var x = Tensor.FromArray([1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -float.MaxValue]);
        BoolTensor.IsNaN(x).ToArray().Should().Equal(false, true, false, false, false);
        BoolTensor.IsInfinity(x).ToArray().Should().Equal(false, false, true, true, false);
        BoolTensor.IsFinite(x).ToArray().Should().Equal(true, false, false, false, true);
    }

    [Fact]
    public void A_scope_owns_masks_as_it_owns_tensors()
    {
        using var backend = new CpuBackend(1);
        using var x = Tensor.FromSpan([1f, 2f], [2], backend);
        var used = backend.Memory.InUse;
        BoolTensor kept, closed;
        using (var scope = new TensorScope())
        {
            using (var inner = new TensorScope())
                kept = inner.KeepInOuter(x > 1f);
            kept = scope.Keep(kept & (x < 9f));
            closed = !kept;
        }

        closed.IsDisposed.Should().BeTrue();
        closed.ToString().Should().Be("BoolTensor (2,), closed");
        closed.Invoking(m => m.ToArray()).Should().Throw<ObjectDisposedException>();
        kept.ToArray().Should().Equal(false, true);
        kept.Dispose();
        backend.Memory.InUse.Should().Be(used);
    }

    [Fact]
    public void Values_are_printed_aligned_and_abbreviated()
    {
        Two.ToString().Should().Be("BoolTensor (2, 3)\n[[ True, False,  True],\n [False, False,  True]]");
        BoolTensor.Full(Shape.Scalar, true).ToString().Should().Be("BoolTensor (): True");
        BoolTensor.Full([9], true).ToString(PrintOptions.Default with { Threshold = 4, EdgeItems = 1 })
            .Should().Be("BoolTensor (9,)\n[True, ..., True]");
    }

    [Fact]
    public void Masks_that_do_not_broadcast_are_named_with_the_operation()
    {
        using var other = BoolTensor.Full([4], true);
        foreach (var (name, operation) in new (string, Action)[]
        {
            ("And", () => _ = Two & other), ("Or", () => _ = Two | other), ("Xor", () => _ = Two ^ other),
        })
        {
            operation.Should().Throw<ShapeException>().WithMessage($"{name}: (2, 3) and (4,) do not broadcast*");
        }
    }

    private static (BoolTensor Mask, Plain Plain) Mask(Random random, int[] sizes)
    {
        var (x, plain) = RandomViews.OfSizes(random, sizes);
        return (x > 0f, plain.Map(a => a > 0 ? 1 : 0));
    }

    [Fact]
    public void A_mask_goes_to_another_backend_with_the_same_elements()
    {
        using var backend = new CpuBackend(1);
        using var moved = Two.To(backend);
        moved.Backend.Should().BeSameAs(backend);
        moved.ToArray().Should().Equal(Two.ToArray());
        moved.To(backend).Should().BeSameAs(moved);
        moved.Invoking(m => m.To(null!)).Should().Throw<ArgumentNullException>().WithParameterName("backend");
    }

    [Fact]
    public void Equality_operators_compare_elements()
    {
        var (x, y) = (BoolTensor.FromArray([true, false, true]), BoolTensor.FromArray([true, true, false]));
        (x == y).ToArray().Should().Equal(true, false, false);
        (x != y).ToArray().Should().Equal(false, true, true);
        x.Equals(y).Should().BeFalse();
    }
}
