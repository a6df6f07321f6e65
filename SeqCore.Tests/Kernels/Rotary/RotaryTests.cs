using SeqCore.Kernels;
using SeqCore.Kernels.Rotary;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Rotary;

public class RotaryTests
{
    private const double Base = 500;

    public static TheoryData<int, RotaryPairs> WidthsAndPairs => new(
        from width in Widths from pairs in Enum.GetValues<RotaryPairs>() select (width, pairs));

    /// <summary>Heads, their size, how much of them is turned, and elements after them.</summary>
    private static readonly (int Heads, int Size, int Turned, int After)[] HeadShapes =
        [(1, 2, 2, 0), (3, 6, 4, 5), (2, 17, 16, 0), (1, 32, 32, 3), (2, 64, 64, 64), (2, 67, 66, 1), (1, 130, 98, 0)];

    [Theory, MemberData(nameof(WidthsAndPairs))]
    public void Result_and_gradient_match_their_definition(int width, RotaryPairs pairs)
    {
        foreach (var (heads, size, turned, after) in HeadShapes)
        {
            using var arena = new Arena(2);
            var shape = new RotaryShape(2, 3, heads * size + after, heads, size, turned, 11, pairs);
            var x = Normal(2 * 3 * shape.Columns, size);
            DeviceSpan<float> input = arena.Put(x), table = arena.Put(Table(shape)), y = arena.Output(x.Length),
                back = arena.Output(x.Length);
            Turn(arena, width, input, table, y, shape, 1f);
            Turn(arena, width, y, table, back, shape, -1f);
            ShouldBeNear(y.AsHostSpan(), Expected(x, shape), 1e-6, 1e-6, $"y, {shape}");
            ShouldBeNear(back.AsHostSpan(), ToDouble(x), 1e-6, 1e-6, $"turned back, {shape}");
        }
    }

    [Theory, MemberData(nameof(WidthsAndPairs))]
    public void Result_may_overwrite_its_input(int width, RotaryPairs pairs)
    {
        using var arena = new Arena(2);
        var shape = new RotaryShape(1, 4, 3 * 38 + 2, 3, 38, 34, 0, pairs);
        var x = Normal(4 * shape.Columns, 1);
        DeviceSpan<float> table = arena.Put(Table(shape)), inPlace = arena.Put(x), apart = arena.Output(x.Length);
        Turn(arena, width, arena.Put(x), table, apart, shape, 1f);
        Turn(arena, width, inPlace, table, inPlace, shape, 1f);
        Bits(inPlace).Should().Equal(Bits(apart));
    }

    [Fact]
    public void The_table_has_cosines_and_signed_sines_from_its_first_position_on()
    {
        var rows = new float[2 * 8];
        RotaryTable.Fill(rows, 5, 4, RotaryPairs.Interleaved, 100, 0.5);
        var angles = new[] { 2.5, 2.5 / 10, 3, 3.0 / 10 };
        double[] expected = [.. angles.Chunk(2).SelectMany(a => (double[])
            [Math.Cos(a[0]), Math.Cos(a[0]), Math.Cos(a[1]), Math.Cos(a[1]), -Math.Sin(a[0]), Math.Sin(a[0]),
                -Math.Sin(a[1]), Math.Sin(a[1])])];
        ShouldBeNear(rows, expected, 1e-7, 0, "rows");
    }

    [Fact]
    public void Sizes_that_contradict_each_other_are_refused()
    {
        using var arena = new Arena();
        var backend = arena.Backend;
        DeviceSpan<float> x = arena.Put(new float[24]), table = arena.Put(new float[32]);
        var good = new RotaryShape(1, 2, 12, 2, 6, 4, 0, RotaryPairs.HalfSplit);
        Wrong(good with { RotarySize = 3 })
            .Should().Throw<ArgumentException>().WithMessage("Rotary: the rotary size should be even and in [2, 6]*got 3.");
        Wrong(good with { RotarySize = 8 }).Should().Throw<ArgumentException>().WithMessage("*got 8.");
        Wrong(good with { HeadCount = 3 })
            .Should().Throw<ArgumentException>().WithMessage("Rotary: *the heads should fit into the columns*");
        Wrong(good with { FirstPosition = 3 })
            .Should().Throw<ArgumentException>().WithMessage("Rotary: table should hold (5, 8) = 40 elements; got 32.");
        Wrong(good with { Batch = 2 }).Should().Throw<ArgumentException>().WithMessage("Rotary: x should hold (4, 12)*");

        Action Wrong(RotaryShape shape) => () => backend.Rotary(x, table, x, shape);
    }

    private static unsafe void Turn(Arena arena, int width, DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y,
        RotaryShape shape, float direction)
    {
        if (width != 0)
        {
            Run(width, new RotaryKernel
            {
                X = x.Pointer(),
                Y = y.Pointer(),
                Table = table.Pointer(),
                Shape = shape,
                EndRow = shape.Batch * shape.Steps,
                Direction = direction,
            });
        }
        else if (direction > 0)
            arena.Backend.Rotary(x, table, y, shape);
        else
            arena.Backend.RotaryGradient(x, table, y, shape);
    }

    private static float[] Table(RotaryShape shape)
    {
        var rows = new float[(shape.FirstPosition + shape.Steps) * 2 * shape.RotarySize];
        RotaryTable.Fill(rows, 0, shape.RotarySize, shape.Pairs, Base);
        return rows;
    }

    private static double[] Expected(float[] x, RotaryShape shape)
    {
        var y = ToDouble(x);
        for (var r = 0; r < shape.Batch * shape.Steps; r++)
        {
            for (var h = 0; h < shape.HeadCount; h++)
            {
                var head = y.AsSpan(r * shape.Columns + h * shape.HeadSize, shape.HeadSize);
                var position = shape.FirstPosition + r % shape.Steps;
                Definition.Rotary(head, position, shape.RotarySize, shape.Pairs, Base).CopyTo(head);
            }
        }

        return y;
    }
}
