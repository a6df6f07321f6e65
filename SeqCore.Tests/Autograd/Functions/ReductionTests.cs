using Operation = System.Func<SeqCore.Variable, SeqCore.Variable>;

namespace SeqCore.Tests.Autograd.Functions;

public class ReductionTests
{
    public static TheoryData<string, Operation, Func<Tensor, Tensor>> Reductions => new()
    {
        { "sum", x => x.Sum(), x => x.Sum() },
        { "sum of an axis", x => x.Sum(1), x => x.Sum(1) },
        { "sum of axes", x => x.Sum([0, -1], true), x => x.Sum([0, -1], true) },
        { "sum of no axis", x => x.Sum([]), x => x.Sum([]) },
        { "product", x => x.Slice(1, 0, 2).Product() * 1e-3f, x => x.Slice(1, 0, 2).Product() * 1e-3f },
        { "product of an axis", x => x.Product(1), x => x.Product(1) },
        { "product of axes", x => x.Product([2, 0], true), x => x.Product([2, 0], true) },
        { "product of no axis", x => x.Product([]), x => x.Product([]) },
        { "mean", x => x.Mean(), x => x.Mean() },
        { "mean of an axis", x => x.Mean(-1), x => x.Mean(-1) },
        { "mean of axes", x => x.Mean([0, 2]), x => x.Mean([0, 2]) },
        { "max", x => x.Max(), x => x.Max() },
        { "max of an axis", x => x.Max(1, true), x => x.Max(1, true) },
        { "max of axes", x => x.Max([1, 2]), x => x.Max([1, 2]) },
        { "min", x => x.Min(), x => x.Min() },
        { "min of an axis", x => x.Min(0), x => x.Min(0) },
        { "log-sum-exp", x => x.LogSumExp(), x => x.LogSumExp() },
        { "log-sum-exp of an axis", x => x.LogSumExp(1, true), x => x.LogSumExp(1, true) },
        { "log-sum-exp of axes", x => x.LogSumExp([0, 1]), x => x.LogSumExp([0, 1]) },
        { "norm", x => x.Norm(), x => x.Norm() },
        { "norm of an axis", x => x.Norm(-1, true), x => x.Norm(-1, true) },
        { "variance", x => x.Variance(), x => x.Variance() },
        { "variance of an axis", x => x.Variance(1), x => x.Variance(1) },
        { "standard deviation", x => x.StandardDeviation(), x => x.StandardDeviation() },
        { "standard deviation of an axis", x => x.StandardDeviation(1), x => x.StandardDeviation(1) },
        { "standard deviation of axes, unbiased", x => x.StandardDeviation([0, 2], true, 1),
            x => x.StandardDeviation([0, 2], true, 1) },
        { "sum of squares", x => x.SumOfSquares(), x => x.SumOfSquares() },
        { "sum of squares of axes", x => x.SumOfSquares([0, 1], true), x => x.SumOfSquares([0, 1], true) },
        { "variance of axes, unbiased", x => x.Variance([0, 2], true, 1), x => x.Variance([0, 2], true, 1) },
    };

    [Theory]
    [MemberData(nameof(Reductions))]
    public void Value_is_the_tensors_and_gradient_matches_finite_differences(string name, Operation reduce,
        Func<Tensor, Tensor> tensorReduce)
    {
        var x = Samples.Spread(1, 2, 3, 4);
        var actual = reduce(x).Value;
        actual.Shape.Should().Equal(tensorReduce(x).Shape, name);
        actual.ToArray().Should().Equal(tensorReduce(x).ToArray(), name);
        GradientCheck.Run(v => reduce(v[0]), [x]);
        GradientCheck.Run(v => reduce(v[0].Transpose(0, 1) * 0.5f) * 3f, [x]);
    }

    [Fact]
    public void Equal_extrema_share_the_gradient_evenly()
    {
        var x = new Variable(Tensor.FromSpan([3f, 1f, 3f, 3f], new Shape(4)), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(x.Max() * 6f);
        x.Gradient!.ToArray().Should().Equal(2f, 0f, 2f, 2f);
    }

    [Fact]
    public void The_gradient_of_a_product_holds_beside_zeros()
    {
        var x = new Variable(Tensor.FromSpan([2f, 0f, 3f, 0f, 5f, 0f, 7f, 8f, 9f], [3, 3]), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(x.Product(1), Tensor.FromSpan([1f, 10f, 1f], [3]));
        x.Gradient!.ToArray().Should().Equal(0f, 6f, 0f, 0f, 0f, 0f, 72f, 63f, 56f);
    }

    [Fact]
    public void The_gradient_of_a_product_holds_beside_products_out_of_range()
    {
        var x = new Variable(Tensor.FromSpan([1e20f, 1e20f, 1f, 0f, 1e30f, 1e30f, 1e-30f, 1e-30f], [2, 4]),
            requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(x.Product(1), Tensor.FromSpan([1f, 1f], [2]));
        var gradient = x.Gradient!.ToArray();
        gradient[..4].Should().Equal(0f, 0f, 0f, float.PositiveInfinity);
        gradient[4..].Zip([1e-30f, 1e-30f, 1e30f, 1e30f]).Should().OnlyContain(p => Math.Abs(p.First / p.Second - 1f) < 1e-5f);
    }

    [Fact]
    public void The_norms_gradient_at_zero_is_zero()
    {
        var x = new Variable(Tensor.Zeros(new Shape(3)), requiresGradient: true);
        using var tape = new Tape();
        tape.Backward(x.Norm());
        x.Gradient!.ToArray().Should().Equal(0f, 0f, 0f);
    }

    [Fact]
    public void The_gradient_of_a_standard_deviation_is_zero_where_all_elements_are_equal()
    {
        // The mean of seven times 0.1 is not 0.1, to the last bit.
        var equal = Tensor.Full(new Shape(7), 0.1f);
        var mixed = Tensor.Stack([equal, Tensor.FromArray([1f, 2f, 3f, 4f, 5f, 6f, 7f])]);
        Func<Variable, Variable>[] variants = [x => x.StandardDeviation(), x => x.StandardDeviation(0),
            x => x.StandardDeviation([0], correction: 1)];
        foreach (var variant in variants)
        {
            var x = new Variable(equal, requiresGradient: true);
            using var tape = new Tape();
            tape.Backward(variant(x));
            x.Gradient!.ToArray().Should().OnlyContain(g => g == 0f);
        }

        var rows = new Variable(mixed, requiresGradient: true);
        using var outer = new Tape();
        outer.Backward(rows.StandardDeviation(1).Sum());
        rows.Gradient!.ToArray()[..7].Should().OnlyContain(g => g == 0f);
        rows.Gradient.ToArray()[7..].Should().NotContain(float.NaN).And.Contain(g => g < -0.2f);
    }

    [Fact]
    public void A_missing_axis_is_an_error() =>
        new Variable(Samples.Of(1, 2, 3)).Invoking(x => x.Sum(2))
            .Should().Throw<ArgumentException>().WithMessage("*axes -2 to 1*");
}
