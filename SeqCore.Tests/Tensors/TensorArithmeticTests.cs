using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class TensorArithmeticTests
{
    [Fact]
    public void Operators_broadcast_views_as_plain_loops_do() =>
        RandomViews.ForAll(random =>
        {
            var (x, plainX, y, plainY) = Pair(random);
            Plain.Map(plainX, plainY, (a, b) => a + b).ShouldBe(x + y);
            Plain.Map(plainX, plainY, (a, b) => a - b).ShouldBe(x - y);
            Plain.Map(plainX, plainY, (a, b) => a * b).ShouldBe(x * y);
            Plain.Map(plainX, plainY, (a, b) => (float)a / (float)b).ShouldBe(x / y);
            Plain.Map(plainX, plainY, Math.Max).ShouldBe(Tensor.Maximum(x, y));
            Plain.Map(plainX, plainY, Math.Min).ShouldBe(Tensor.Minimum(x, y));
        });

    [Fact]
    public void Operators_with_numbers_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var (x, plain) = RandomViews.Any(random);
            plain.Map(a => -a).ShouldBe(-x);
            plain.Map(a => a + 1.25).ShouldBe(x + 1.25f);
            plain.Map(a => a + 1.25).ShouldBe(1.25f + x);
            plain.Map(a => a - 1.25).ShouldBe(x - 1.25f);
            plain.Map(a => 1.25 - a).ShouldBe(1.25f - x);
            plain.Map(a => a * 1.25).ShouldBe(x * 1.25f);
            plain.Map(a => a * 1.25).ShouldBe(1.25f * x);
            plain.Map(a => (float)a / 3f).ShouldBe(x / 3f);
            plain.Map(a => 3f / (float)a).ShouldBe(3f / x);
        });

    [Fact]
    public void Comparisons_make_masks() =>
        RandomViews.ForAll(random =>
        {
            var (x, plainX, y, plainY) = Pair(random);
            Plain.Map(plainX, plainY, (a, b) => a < b ? 1 : 0).ShouldBe(x < y);
            Plain.Map(plainX, plainY, (a, b) => a <= b ? 1 : 0).ShouldBe(x <= y);
            Plain.Map(plainX, plainY, (a, b) => a > b ? 1 : 0).ShouldBe(x > y);
            Plain.Map(plainX, plainY, (a, b) => a >= b ? 1 : 0).ShouldBe(x >= y);
            Plain.Map(plainX, plainY, (a, b) => a == b ? 1 : 0).ShouldBe(x.EqualTo(y));
            Plain.Map(plainX, plainY, (a, b) => a != b ? 1 : 0).ShouldBe(x.NotEqualTo(y));
            plainX.Map(a => a < 0.5 ? 1 : 0).ShouldBe(x < 0.5f);
            plainX.Map(a => a <= 0.5 ? 1 : 0).ShouldBe(x <= 0.5f);
            plainX.Map(a => a > 0.5 ? 1 : 0).ShouldBe(x > 0.5f);
            plainX.Map(a => a >= 0.5 ? 1 : 0).ShouldBe(x >= 0.5f);
            plainX.Map(a => a == 0.5 ? 1 : 0).ShouldBe(x.EqualTo(0.5f));
            plainX.Map(a => a != 0.5 ? 1 : 0).ShouldBe(x.NotEqualTo(0.5f));
        });

    [Fact]
    public void NaN_compares_as_false_except_that_it_differs()
    {
        using var x = Tensor.FromArray([float.NaN, 1f, float.PositiveInfinity]);
        (x < 2f).ToArray().Should().Equal(false, true, false);
        (x >= 1f).ToArray().Should().Equal(false, true, true);
        x.EqualTo(x).ToArray().Should().Equal(false, true, true);
        x.NotEqualTo(x).ToArray().Should().Equal(true, false, false);
    }

    [Fact]
    public void Where_and_MaskedFill_broadcast_all_three() =>
        RandomViews.ForAll(random =>
        {
            var (x, plainX, y, plainY) = Pair(random);
            var sizes = Plain.Map(plainX, plainY, (a, _) => a).Sizes;
            var (mask, plainMask) = RandomViews.OfSizes(random, RandomViews.Narrower(random, sizes));
            using var positive = mask > 0f;
            var chosen = Plain.Map(plainMask, Plain.Map(plainX, plainY, (_, _) => 0), (m, _) => m);
            var (left, right) = (plainX.BroadcastTo(sizes), plainY.BroadcastTo(sizes));
            new Plain(sizes, i => chosen.At(i) > 0 ? left.At(i) : right.At(i)).ShouldBe(Tensor.Where(positive, x, y));
            Plain.Map(plainMask, plainX, (m, a) => m > 0 ? -7 : a).ShouldBe(x.MaskedFill(positive, -7f));
        });

    [Fact]
    public void Any_operation_over_lanes_can_be_mapped()
    {
        using var x = Tensor.FromArray([1f, 2f, 3f]);
        x.Map(new Cube()).ToArray().Should().Equal(1f, 8f, 27f);
        x.MapInPlace(new Cube());
        x.ToArray().Should().Equal(1f, 8f, 27f);
    }

    [Fact]
    public void An_operation_makes_one_tensor_and_little_garbage()
    {
        using var backend = new CpuBackend(1);
        using var x = Tensor.FromSpan(new float[100_000], [100, 1000], backend);
        using var y = Tensor.FromSpan(new float[1000], [1000], backend);
        void Step()
        {
            using var sum = x + y;
            using var turned = x.Transpose();
            using var scaled = turned * 2f;
            using var mean = scaled.Mean(0);
            x.AddInPlace(y);
        }

        Step();
        var reserved = backend.Memory.Reserved;
        Garbage.Of(Step).Should().BeLessThan(4000);
        backend.Memory.Reserved.Should().Be(reserved);
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named_with_the_operation()
    {
        using var x = Tensor.FromSpan(new float[6], [2, 3]);
        using var y = Tensor.FromSpan(new float[4], [4]);
        const string message = "{0}: {1} and {2} do not broadcast: their sizes differ on axis 1 of the result and neither is 1."
            + " Hint: reshape one of them, or insert axes of size 1 with Unsqueeze.";
        foreach (var (name, operation) in new (string, Action)[]
        {
            ("Add", () => _ = x + y), ("Subtract", () => _ = x - y), ("Multiply", () => _ = x * y), ("Divide", () => _ = x / y),
            ("Maximum", () => Tensor.Maximum(x, y)), ("Minimum", () => Tensor.Minimum(x, y)), ("EqualTo", () => x.EqualTo(y)),
            ("Less", () => _ = x < y), ("Cube", () => Tensor.Map(new Cube(), x, y)),
        })
        {
            operation.Should().Throw<ShapeException>()
                .WithMessage(string.Format(message, name, "(2, 3)", "(4,)")).Which.Operation.Should().Be(name);
        }

        FluentActions.Invoking(() => Tensor.Where(y > 0f, x, x))
            .Should().Throw<ShapeException>().WithMessage("Where: (4,) and (2, 3) do not broadcast*");
        FluentActions.Invoking(() => x + null!).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => -(Tensor)null!).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void AllClose_is_NumPys()
    {
        using var x = Tensor.FromArray([1f, float.PositiveInfinity, 0f]);
        x.AllClose(x).Should().BeTrue();
        x.AllClose(Tensor.FromArray([1.000005f, float.PositiveInfinity, 1e-9f])).Should().BeTrue();
        x.AllClose(Tensor.FromArray([1.0001f, float.PositiveInfinity, 0f])).Should().BeFalse();
        x.AllClose(Tensor.FromArray([1.0001f, float.PositiveInfinity, 0f]), relativeTolerance: 1e-3f).Should().BeTrue();
        x.AllClose(Tensor.FromArray([1f, float.MaxValue, 0f])).Should().BeFalse();
        x.AllClose(Tensor.FromArray([1f, float.NegativeInfinity, 0f])).Should().BeFalse();
        Tensor.FromArray([1f]).AllClose(Tensor.FromArray([float.PositiveInfinity])).Should().BeFalse();
        x.AllClose(Tensor.FromArray([1f, float.PositiveInfinity, 1e-7f])).Should().BeFalse();
        var nan = Tensor.FromArray([float.NaN]);
        nan.AllClose(nan).Should().BeFalse();
        nan.AllClose(nan, nanEqual: true).Should().BeTrue();
        nan.AllClose(Tensor.FromArray([0f]), nanEqual: true).Should().BeFalse();
        Tensor.Ones([2, 3]).AllClose(Tensor.Ones([3])).Should().BeTrue("shapes broadcast");
        Tensor.Zeros([0]).AllClose(Tensor.Zeros([0])).Should().BeTrue();
        x.Invoking(t => t.AllClose(t, -1f)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Any_All_and_IsFinite_answer_for_the_whole_tensor()
    {
        Tensor.FromArray([0f, 2f]).Any().Should().BeTrue();
        Tensor.FromArray([0f, 0f]).Any().Should().BeFalse();
        Tensor.FromArray([float.NaN, 0f]).Any().Should().BeTrue();
        Tensor.FromArray([1f, float.NaN]).All().Should().BeTrue();
        Tensor.FromArray([1f, 0f]).All().Should().BeFalse();
        Tensor.Zeros([0]).Any().Should().BeFalse();
        Tensor.Zeros([0]).All().Should().BeTrue();
        Tensor.FromArray([1f, -float.MaxValue]).IsFinite().Should().BeTrue();
        Tensor.FromArray([1f, float.NaN, 2f]).IsFinite().Should().BeFalse();
        Tensor.FromArray([1f, float.NegativeInfinity]).IsFinite().Should().BeFalse();
        Tensor.FromArray([float.PositiveInfinity, 1f]).IsFinite().Should().BeFalse();
        Tensor.Zeros([0]).IsFinite().Should().BeTrue();
    }

    private static (Tensor X, Plain PlainX, Tensor Y, Plain PlainY) Pair(Random random)
    {
        var sizes = RandomViews.Sizes(random);
        var (left, right) = (sizes, RandomViews.Narrower(random, sizes));
        if (random.Next(2) == 0)
            (left, right) = (right, left);
        var (x, plainX) = RandomViews.OfSizes(random, left);
        var (y, plainY) = RandomViews.OfSizes(random, right);
        return (x, plainX, y, plainY);
    }

    internal readonly struct Cube : IUnaryOperation, IBinaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => x * x * x;

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(3f) * x * x;

        public T Apply<T>(T x, T y) where T : struct, ILane<T> => x * x * y;

        public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => T.Constant(2f) * x * y;

        public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => x * x;
    }

    [Fact]
    public void Operations_of_two_tensors_are_methods_of_the_first_too()
    {
        var (x, y) = (Tensor.FromArray(new[,] { { 1f, -2f }, { 3f, 4f } }), Tensor.FromArray(new[,] { { 2f, 3f }, { -1f, 4f } }));
        Same(x.MatMul(y), Tensor.MatMul(x, y));
        Same(x.Maximum(y), Tensor.Maximum(x, y));
        Same(x.Minimum(y), Tensor.Minimum(x, y));
        Same(x.Power(y), Tensor.Power(x, y));
        Same(x.Atan2(y), Tensor.Atan2(x, y));
        Same(x.Remainder(y), Tensor.Remainder(x, y));
        Same(x.FloorDivide(y), Tensor.FloorDivide(x, y));

        static void Same(Tensor actual, Tensor expected) => actual.ToArray().Should().Equal(expected.ToArray());
    }

    [Fact]
    public void Numbers_may_be_double_and_are_rounded_to_float()
    {
        var x = Tensor.FromArray([1f, 2f]);
        Same(x + 0.1, x + 0.1f);
        Same(0.1 + x, 0.1f + x);
        Same(x - 0.1, x - 0.1f);
        Same(0.1 - x, 0.1f - x);
        Same(x * 0.1, x * 0.1f);
        Same(0.1 * x, 0.1f * x);
        Same(x / 0.1, x / 0.1f);
        Same(0.1 / x, 0.1f / x);
        Same(x * 3, x * 3f);
        (x < 1.5).ToArray().Should().Equal(true, false);
        (x <= 2.0).ToArray().Should().Equal(true, true);
        (x > 1.5).ToArray().Should().Equal(false, true);
        (x >= 2.0).ToArray().Should().Equal(false, true);

        static void Same(Tensor actual, Tensor expected) => actual.ToArray().Should().Equal(expected.ToArray());
    }

    [Fact]
    public void Equality_operators_compare_elements()
    {
        var (x, y) = (Tensor.FromArray(new[,] { { 1f, 2f }, { float.NaN, 4f } }), Tensor.FromArray([1f, 4f]));
        (x == y).ToArray().Should().Equal(true, false, false, true);
        (x != y).ToArray().Should().Equal(false, true, true, false);
        (x == 2).ToArray().Should().Equal(false, true, false, false);
        (x != 2f).ToArray().Should().Equal(true, false, true, true);
        (y == 4.0).ToArray().Should().Equal(false, true);
        (y != 4.0).ToArray().Should().Equal(true, false);
        FluentActions.Invoking(() => x == Tensor.Ones([3])).Should().Throw<ShapeException>().WithMessage("EqualTo*");
        FluentActions.Invoking(() => (Tensor)null! == x).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => x != (Tensor)null!).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Collections_compare_tensors_as_objects()
    {
        Tensor[] tensors = [Tensor.Ones([2]), Tensor.Ones([2])];
        tensors[0].Equals(tensors[1]).Should().BeFalse();
        tensors[0].Equals(tensors[0]).Should().BeTrue();
        Array.IndexOf(tensors, tensors[1]).Should().Be(1);
        new HashSet<Tensor>(tensors).Should().HaveCount(2);
        new HashSet<IndexTensor>([IndexTensor.FromArray([1]), IndexTensor.FromArray([1])]).Should().HaveCount(2);
        BoolTensor[] masks = [BoolTensor.FromArray([true]), BoolTensor.FromArray([true])];
        Array.IndexOf(masks, masks[1]).Should().Be(1);
        new HashSet<BoolTensor>(masks).Should().HaveCount(2);
    }
}
