using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class TensorProductTests
{
    [Fact]
    public void Products_over_broadcast_batches_of_views_are_what_plain_loops_say() =>
        RandomViews.ForAll(random =>
        {
            var batch = RandomViews.Sizes(random, maxRank: 3, maxSize: 3, minSize: 1);
            int m = random.Next(1, 5), k = random.Next(0, 5), n = random.Next(1, 5);
            var (a, plainA) = Operand(random, batch, m, k);
            var (b, plainB) = Operand(random, batch, k, n);
            using var product = Tensor.MatMul(a, b);
            Product(plainA, plainB).ShouldBeNear(product);
        }, 500);

    [Fact]
    public void Vectors_are_rows_on_the_left_and_columns_on_the_right()
    {
        using var vector = Tensor.FromArray([1f, 2f]);
        using var matrix = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        using var square = Tensor.FromSpan([1f, 2f, 3f, 4f], [2, 2]);
        Tensor.MatMul(vector, matrix).Shape.Should().Equal(3);
        Tensor.MatMul(vector, matrix).ToArray().Should().Equal(9f, 12f, 15f);
        Tensor.MatMul(square, vector).ToArray().Should().Equal(5f, 11f);
        Tensor.MatMul(vector, vector).Shape.Should().BeEmpty();
        Tensor.MatMul(vector, vector).Item().Should().Be(5f);
        Tensor.MatMul(square.BroadcastTo([3, 2, 2]), vector).Shape.Should().Equal(3, 2);
    }

    [Fact]
    public void Transposed_and_batched_views_are_not_copied()
    {
        using var backend = new CpuBackend(1);
        using var a = Tensor.FromSpan(new float[8 * 64 * 64], [8, 64, 64], backend);
        using var b = Tensor.FromSpan(new float[64 * 64], [64, 64], backend);
        long Growth(Tensor x, Tensor y)
        {
            backend.TrimMemory();
            var before = backend.Memory.Reserved;
            using (Tensor.MatMul(x, y))
                return backend.Memory.Reserved - before;
        }

        // The kernel takes room to pack its operands, less than half of what a copy of the batch would take.
        var plain = Growth(a, b);
        var limit = Math.Max(plain, Growth(b, a)) + 8 * 64 * 64 * sizeof(float) / 2;
        using var turned = a.Transpose(1, 2);
        using var outer = a.Transpose(0, 1);
        using var wide = b.BroadcastTo([8, 64, 64]);
        Growth(turned, b).Should().BeLessThan(limit);
        Growth(b, turned).Should().BeLessThan(limit);
        Growth(outer, b).Should().BeLessThan(limit);
        Growth(a, wide).Should().BeLessThan(limit);
    }

    [Fact]
    public void Linear_is_x_times_W_transposed_plus_b() =>
        RandomViews.ForAll(random =>
        {
            int inputs = random.Next(1, 6), outputs = random.Next(1, 6);
            int[] lead = RandomViews.Sizes(random, maxRank: 3, maxSize: 4);
            var (x, plainX) = RandomViews.OfSizes(random, [.. lead, inputs]);
            var (w, plainW) = RandomViews.OfSizes(random, outputs, inputs);
            var (b, plainB) = RandomViews.OfSizes(random, outputs);
            var product = new Plain([.. lead, outputs],
                i => Enumerable.Range(0, inputs).Sum(k => plainX.At([.. i[..^1], k]) * plainW.At([i[^1], k])));
            product.ShouldBeNear(Tensor.Linear(x, w));
            Plain.Map(product, plainB, (p, c) => p + c).ShouldBeNear(Tensor.Linear(x, w, b));
            Plain.Map(product, plainB, (p, c) => Math.Max(0, p + c)).ShouldBeNear(Tensor.Linear(x, w, b, Activation.Relu));
        });

    [Fact]
    public void Nothing_times_something_is_zero_and_the_bias_stays()
    {
        Tensor.MatMul(Tensor.Zeros([2, 0]), Tensor.Zeros([0, 3])).ToArray().Should().Equal(new float[6]);
        Tensor.MatMul(Tensor.Zeros([0, 2]), Tensor.Zeros([2, 3])).Shape.Should().Equal(0, 3);
        Tensor.Linear(Tensor.Zeros([2, 0]), Tensor.Zeros([3, 0]), Tensor.Ones([3])).ToArray()
            .Should().Equal(1f, 1f, 1f, 1f, 1f, 1f);
        Tensor.Linear(Tensor.Zeros([0, 4]), Tensor.Zeros([3, 4])).Shape.Should().Equal(0, 3);
    }

    [Fact]
    public void Wrong_shapes_are_named_with_a_hint()
    {
        Tensor Zeros(params int[] sizes) => Tensor.Zeros(new Shape(sizes));
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(2, 3), Zeros(4, 5))).Should().Throw<ShapeException>()
            .WithMessage("MatMul: b should have shape (..., K, N) = (..., 3, 5) because a is (2, 3); got (4, 5).");
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(2, 3), Zeros(4, 3))).Should().Throw<ShapeException>()
            .WithMessage("*got (4, 3). Hint: b.Transpose() would fit.");
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(2, 3), Zeros(2))).Should().Throw<ShapeException>()
            .WithMessage("MatMul: b should have shape (K,) = (3,) because a is (2, 3); got (2,).");
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(), Zeros(2))).Should().Throw<ShapeException>()
            .WithMessage("MatMul: a should have shape (..., M, K); got (). Hint: multiply by a scalar with *.");
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(2), Zeros())).Should().Throw<ShapeException>();
        FluentActions.Invoking(() => Tensor.MatMul(Zeros(2, 2, 3), Zeros(3, 3, 4))).Should().Throw<ShapeException>()
            .WithMessage("MatMul: (2,) and (3,) do not broadcast*");
        FluentActions.Invoking(() => Tensor.Linear(Zeros(5, 2), Zeros(2, 3))).Should().Throw<ShapeException>()
            .WithMessage("Linear: x should have shape (..., I) = (..., 3) because weight is (2, 3); got (5, 2)."
                + " Hint: weight has shape (O, I), outputs first; is it transposed?");
        FluentActions.Invoking(() => Tensor.Linear(Zeros(5, 3), Zeros(3))).Should().Throw<ShapeException>()
            .WithMessage("Linear: weight should have shape (O, I); got (3,).");
        FluentActions.Invoking(() => Tensor.Linear(Zeros(5, 3), Zeros(2, 3), Zeros(3))).Should().Throw<ShapeException>()
            .WithMessage("Linear: bias should have shape (O,) = (2,) because weight is (2, 3); got (3,).");
    }

    private static (Tensor Tensor, Plain Plain) Operand(Random random, int[] batch, int rows, int columns)
    {
        var (tensor, plain) = RandomViews.OfSizes(random, [.. RandomViews.Narrower(random, batch), rows, columns]);
        if (random.Next(3) > 0)
            return (tensor, plain);
        int[] sizes = [.. batch, rows, columns];
        return (tensor.BroadcastTo(new Shape(sizes)), plain.BroadcastTo(sizes));
    }

    private static Plain Product(Plain a, Plain b)
    {
        int[] Batch(Plain x) => x.Sizes[..^2];
        var batch = Plain.Map(new Plain(Batch(a), _ => 0), new Plain(Batch(b), _ => 0), (_, _) => 0).Sizes;
        var left = a.BroadcastTo([.. batch, .. a.Sizes[^2..]]);
        var right = b.BroadcastTo([.. batch, .. b.Sizes[^2..]]);
        return new([.. batch, a.Sizes[^2], b.Sizes[^1]], i =>
            Enumerable.Range(0, a.Sizes[^1]).Sum(k => left.At([.. i[..^1], k]) * right.At([.. i[..^2], k, i[^1]])));
    }
}
