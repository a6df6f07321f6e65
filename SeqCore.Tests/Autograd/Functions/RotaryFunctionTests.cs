using SeqCore.Kernels;
using SeqCore.Tests.Goldens;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

public class RotaryFunctionTests
{
    private static Tensor Table(int positions, int size, RotaryPairs pairs)
    {
        var rows = new float[positions * 2 * size];
        RotaryTable.Fill(rows, 0, size, pairs);
        return Tensor.FromSpan(rows, [positions, 2, size]);
    }

    [Theory]
    [InlineData(RotaryPairs.HalfSplit)]
    [InlineData(RotaryPairs.Interleaved)]
    public void Gradient_matches_finite_differences(RotaryPairs pairs)
    {
        using var table = Table(8, 4, pairs);
        GradientCheck.Run(v => v[0].Rotary(table, 2, 5, 3, pairs), [Samples.Of(1, 2, 4, 13)]);
        GradientCheck.Run(v => v[0].Transpose(1, 2).Rotary(table, 1, 5, 0, pairs), [Samples.Of(2, 2, 4, 3, 5)]);
    }

    [Theory]
    [InlineData("RotaryInterleaved", 0, 6)]
    [InlineData("RotaryHalfSplit", 0, 6)]
    [InlineData("RotaryInterleavedPartialFrom100", 100, 4)]
    [InlineData("RotaryHalfSplitPartialFrom100", 100, 4)]
    public void Results_and_gradients_are_those_of_PyTorch(string name, int first, int size)
    {
        var golden = Golden.Read("transformer_rows.json").GetProperty(name);
        var pairs = name.Contains("Half", StringComparison.Ordinal) ? RotaryPairs.HalfSplit : RotaryPairs.Interleaved;
        var x = new Variable(golden.GetProperty("x").ToTensor(), requiresGradient: true);
        using var table = Table(110, size, pairs);
        using var tape = new Tape();
        var y = x.Rotary(table, 1, x.Shape[-1], first, pairs);
        y.Value.ShouldBeCloseTo(golden.GetProperty("y").ToTensor(), 1e-6f, "y");
        tape.Backward((y * golden.GetProperty("dy").ToTensor()).Sum());
        x.Gradient!.ShouldBeCloseTo(golden.GetProperty("dx").ToTensor(), 1e-6f, "dx");
    }

    [Fact]
    public void Products_of_queries_and_keys_depend_on_their_distance_alone()
    {
        using var table = Table(600, 8, RotaryPairs.HalfSplit);
        Variable query = Samples.Of(1, 1, 8), key = Samples.Of(2, 1, 8);
        float At(int q, int k) => (query.Rotary(table, 1, 8, q) * key.Rotary(table, 1, 8, k)).Sum().Value.Item();
        At(12, 5).Should().BeApproximately(At(507, 500), 1e-5f).And.NotBeApproximately(At(12, 6), 1e-2f);
    }

    [Theory]
    [InlineData(RotaryPairs.HalfSplit)]
    [InlineData(RotaryPairs.Interleaved)]
    public void Each_row_may_have_positions_of_its_own(RotaryPairs pairs)
    {
        using var table = Table(20, 4, pairs);
        var x = Samples.Of(1, 2, 3, 13);
        using var positions = IndexTensor.FromArray(new[,] { { 0, 1, 2 }, { 17, 4, 19 } });
        var y = new Variable(x).Rotary(table, positions, 2, 5, pairs);
        for (var b = 0; b < 2; b++)
        {
            for (var t = 0; t < 3; t++)
            {
                new Variable(x.Slice(0, b, 1).Slice(1, t, 1)).Rotary(table, 2, 5, positions.ToArray()[b * 3 + t], pairs)
                    .Value.ToArray().Should().Equal(y.Value.Slice(0, b, 1).Slice(1, t, 1).ToArray(), $"row {b}, step {t}");
            }
        }

        var heads = Samples.Of(3, 2, 4, 3, 5);
        var apart = new Variable(heads).Rotary(table, positions.Reshape([2, 1, 3]), 1, 5, pairs);
        var joined = new Variable(heads.Transpose(1, 2).Contiguous().Reshape(2, 3, 20)).Rotary(table, positions, 4, 5, pairs);
        apart.Value.Transpose(1, 2).Contiguous().ToArray().Should().Equal(joined.Value.ToArray());
        GradientCheck.Run(v => v[0].Rotary(table, positions, 2, 5, pairs), [x]);
        GradientCheck.Run(v => v[0].Transpose(1, 2).Rotary(table, positions.Reshape([2, 1, 3]), 1, 5, pairs),
            [Samples.Of(2, 2, 3, 4, 5)]);
    }

    [Fact]
    public void Positions_that_do_not_fit_are_named()
    {
        using var table = Table(20, 4, RotaryPairs.HalfSplit);
        Variable x = Samples.Of(1, 2, 3, 13);
        using var two = IndexTensor.FromArray([0, 1]);
        x.Invoking(v => v.Rotary(table, two, 2, 5)).Should().Throw<ShapeException>();
        using var outside = IndexTensor.FromArray(new[,] { { 0, 1, 20 }, { 0, 1, 2 } });
        x.Invoking(v => v.Rotary(table, outside, 2, 5).Value.ToArray()).Should().Throw<Exception>().WithMessage("*20*");
        using var before = IndexTensor.FromArray(new[,] { { 0, -1, 2 }, { 0, 1, 2 } });
        x.Invoking(v => v.Rotary(table, before, 2, 5).Value.ToArray()).Should().Throw<Exception>().WithMessage("*-1*");
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using var table = Table(4, 6, RotaryPairs.HalfSplit);
        Variable x = Samples.Of(1, 2, 3, 12);
        x.Invoking(v => v.Rotary(table, 3, 6)).Should().Throw<ShapeException>().WithMessage(
            "Rotary: x should have shape (..., T, C) with C at least 18 because"
            + " 3 heads of 6 elements are rotated; got (2, 3, 12).");
        x.Invoking(v => v.Rotary(table, 2, 6, 2)).Should().Throw<ShapeException>().WithMessage("Rotary: table should have shape"
            + " (P, 2, R) with P at least 5 because x is (2, 3, 12) and begins at position 2; got (4, 2, 6).");
        x.Invoking(v => v.Rotary(table, 3, 4)).Should().Throw<ShapeException>()
            .WithMessage("Rotary: table should have shape (P, 2, R) with R even and at most 4 because a head has 4 elements*");
        x.Invoking(v => v.Rotary(table.Reshape(8, 6), 2, 6)).Should().Throw<ShapeException>();
        x.Invoking(v => v.Rotary(table, 0, 6)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
