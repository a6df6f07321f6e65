using Operation = System.Func<SeqCore.Variable, SeqCore.Variable>;

namespace SeqCore.Tests.Autograd.Functions;

public class ArrangementTests
{
    public static TheoryData<string, Operation, Func<Tensor, Tensor>> Operations => new()
    {
        { "flip", x => x.Flip(), x => x.Flip() },
        { "flip axes", x => x.Flip(0, -1), x => x.Flip(0, -1) },
        { "roll", x => x.Roll(-5, 1), x => x.Roll(-5, 1) },
        { "pad", x => x.Pad([(1, 0), (2, 1), (0, 3)], 5f), x => x.Pad([(1, 0), (2, 1), (0, 3)], 5f) },
        { "pad an axis", x => x.Pad(-2, 1, 2), x => x.Pad(-2, 1, 2) },
        { "tile", x => x.Tile(2, 3), x => x.Tile(2, 3) },
        { "tile with new axes", x => x.Tile(2, 3, 1, 2, 2), x => x.Tile(2, 3, 1, 2, 2) },
        { "tile once", x => x.Tile(1, 1, 1), x => x },
        { "tile no times", x => x.Tile(0, 2), x => x.Tile(0, 2) },
        { "repeat", x => x.Repeat(3, 1), x => x.Repeat(3, 1) },
        { "repeat the last axis", x => x.Repeat(2, -1), x => x.Repeat(2, -1) },
        { "repeat by counts", x => x.Repeat([2, 0, 3], 1), x => x.Repeat([2, 0, 3], 1) },
        { "repeat the last axis by counts", x => x.Repeat(Counts(x.Shape[-1]), -1), x => x.Repeat(Counts(x.Shape[-1]), -1) },
        { "repeat no times", x => x.Repeat([0, 0, 0], 1), x => x.Repeat([0, 0, 0], 1) },
        { "lower triangle", x => x.LowerTriangle(1), x => x.LowerTriangle(1) },
        { "upper triangle", x => x.UpperTriangle(), x => x.UpperTriangle() },
        { "cumulative sum", x => x.CumulativeSum(1), x => x.CumulativeSum(1) },
        { "cumulative sum from the end", x => x.CumulativeSum(-1, true), x => x.CumulativeSum(-1, true) },
        { "exclusive cumulative sum", x => x.CumulativeSum(0, false, true), x => x.CumulativeSum(0, false, true) },
        { "cumulative product", x => x.CumulativeProduct(1), x => x.CumulativeProduct(1) },
        { "cumulative product from the end", x => x.CumulativeProduct(-1, true), x => x.CumulativeProduct(-1, true) },
        { "exclusive cumulative product", x => x.CumulativeProduct(2, false, true), x => x.CumulativeProduct(2, false, true) },
    };

    [Theory, MemberData(nameof(Operations))]
    public void Value_is_the_tensors_and_gradient_matches_finite_differences(string name, Operation operation,
        Func<Tensor, Tensor> tensorOperation)
    {
        var x = Samples.Of(1, 2, 3, 4);
        var actual = operation(x).Value;
        actual.Shape.Should().Equal(tensorOperation(x).Shape, name);
        actual.ToArray().Should().Equal(tensorOperation(x).ToArray(), name);
        GradientCheck.Run(v => operation(v[0]), [x]);
        GradientCheck.Run(v => operation(v[0].Transpose(0, 2) * v[0].Sum()) * 2f, [x]);
    }

    private static int[] Counts(int length) => [.. Enumerable.Range(0, length).Select(i => i * 3 % 4)];

    [Fact]
    public void The_gradient_of_a_product_holds_beside_zeros()
    {
        var x = new Variable(Tensor.FromSpan([2f, 0f, 3f, 0f, 5f], [5]), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(x.CumulativeProduct(0), Tensor.FromSpan([1f, 1f, 1f, 1f, 1f], [5]));

        // y = x0, x0 x1, x0 x1 x2, ...: only the terms with one zero have a slope along that zero.
        x.Gradient!.ToArray().Should().Equal(1f, 2f + 6f, 0f, 0f, 0f);
    }

    [Fact]
    public void An_infinite_padding_is_accepted_where_anomalies_are_detected()
    {
        using var tape = new Tape(detectAnomalies: true);
        var x = new Variable(Tensor.FromSpan([1f, 2f], [2]), requiresGradient: true);
        tape.Backward(x.Pad(0, 1, 1, float.NegativeInfinity).Max());
        x.Gradient!.ToArray().Should().Equal(0f, 1f);
    }
}
