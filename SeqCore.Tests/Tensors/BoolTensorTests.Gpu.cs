using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Tensors;

[Collection(GpuCollection.Name)]
public class BoolTensorGpuTests
{
    private static readonly int[] Awkward = [0, 1, -1, int.MaxValue, int.MinValue, 0x7f800001, (1 << 24) + 1, 1 << 24];

    [Fact]
    public void Masks_on_a_GPU_are_those_of_the_CPU()
    {
        var gpu = TestGpu.Backend;
        using var x = Tensor.FromSpan([1f, float.NaN, -2f, float.PositiveInfinity, 0f, 3f], [2, 3], gpu);
        using var isPositive = x > 0f;
        isPositive.ToArray().Should().Equal(true, false, false, true, false, true);
        (isPositive & BoolTensor.IsFinite(x)).ToArray().Should().Equal(true, false, false, false, false, true);
        (isPositive | BoolTensor.IsNaN(x)).ToArray().Should().Equal(true, true, false, true, false, true);
        (isPositive ^ BoolTensor.IsInfinity(x)).ToArray().Should().Equal(true, false, false, false, false, true);
        (!isPositive).Any(1).ToArray().Should().Equal(true, true);
        isPositive.Transpose().All(1).ToArray().Should().Equal(true, false, false);
        isPositive.Count().Should().Be(3);
        Tensor.Where(isPositive, x, Tensor.Zeros([1], gpu)).ToArray()
            .Should().Equal(1f, 0f, 0f, float.PositiveInfinity, 0f, 3f);
        BoolTensor.LengthMask(IndexTensor.FromSpan([1, 0], [2], gpu), 2).ToArray().Should().Equal(true, false, false, false);
    }

    [Fact]
    public void Indices_are_compared_moved_and_converted_with_all_their_bits()
    {
        var gpu = TestGpu.Backend;
        using var column = IndexTensor.FromSpan(Awkward, new Shape(Awkward.Length, 1), gpu);
        using var row = column.Transpose(0, 1);
        row.ToArray().Should().Equal(Awkward);
        (column < row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x < y)));
        (column <= row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x <= y)));
        column.EqualTo(row).ToArray().Should().Equal(Awkward.SelectMany(x => Awkward.Select(y => x == y)));
        column.ToTensor().ToArray().Should().Equal(Array.ConvertAll(Awkward, i => (float)i));
        IndexTensor.Concat([row, row.Slice(1, 2, 3, 2)], 1).ToArray()
            .Should().Equal([.. Awkward, Awkward[2], Awkward[4], Awkward[6]]);
    }

    [Fact]
    public void Indices_are_computed_chosen_and_converted_as_on_the_CPU()
    {
        var gpu = TestGpu.Backend;
        using IndexTensor onCpu = IndexTensor.FromArray([.. Awkward[1..], 7, -7]), x = onCpu.To(gpu);
        using IndexTensor cpuColumn = onCpu.Reshape(new Shape(9, 1)), column = x.Reshape(new Shape(9, 1));
        foreach (var compute in (Func<IndexTensor, IndexTensor, IndexTensor>[])
            [
                (a, b) => a + b, (a, b) => a - b, (a, b) => a * b, (a, b) => a / b, (a, b) => a % b, IndexTensor.FloorDivide,
                IndexTensor.Remainder, IndexTensor.Minimum, IndexTensor.Maximum,
            ])
        {
            compute(column, x).ToArray().Should().Equal(compute(cpuColumn, onCpu).ToArray());
        }

        x.Remainder(5).ToArray().Should().Equal(onCpu.Remainder(5).ToArray());
        x.Sum().ToArray().Should().Equal(onCpu.Sum().ToArray());
        x.Reshape(3, 3).Min(0).ToArray().Should().Equal(onCpu.Reshape(3, 3).Min(0).ToArray());
        x.Reshape(3, 3).ArgMax(1).ToArray().Should().Equal(onCpu.Reshape(3, 3).ArgMax(1).ToArray());
        x.ToTensor().Repeat([0, 2, 0, 0, 1, 0, 0, 0, 1], 0).ToArray().Should().Equal(-1f, -1f, 2139095041f, -7f);
        x.MaskedFill(x < 0, 9).ToArray().Should().Equal(onCpu.MaskedFill(onCpu < 0, 9).ToArray());
        Tensor.FromArray([1.9f, -1.9f, -2147483648f], gpu).ToIndex().ToArray().Should().Equal(1, -1, int.MinValue);
        FluentActions.Invoking(() => (x / 0).ToArray()).Should().Throw<DivideByZeroException>()
            .WithMessage("Divide: element 0 of the divisor is 0.");
        FluentActions.Invoking(() => Tensor.FromArray([1f, float.NaN], gpu).ToIndex().ToArray()).Should()
            .Throw<ArgumentException>().WithMessage("ToIndex: element 1 is NaN, which int32 does not have.");
    }
}
