using Operation = System.Func<SeqCore.Variable[], SeqCore.Variable>;

namespace SeqCore.Tests.Autograd.Functions;

public class ArithmeticTests
{
    public static TheoryData<string, Operation> Binary => new()
    {
        { "add", x => x[0] + x[1] },
        { "subtract", x => x[0] - x[1] },
        { "multiply", x => x[0] * x[1] },
        { "divide", x => x[0] / x[1] },
        { "map", x => Variable.Map(new Hypotenuse(), x[0], x[1]) },
    };

    public static TheoryData<string, Operation> WithANumber => new()
    {
        { "x + 2", x => x[0] + 2f },
        { "2 + x", x => 2f + x[0] },
        { "x - 2", x => x[0] - 2f },
        { "2 - x", x => 2f - x[0] },
        { "x * 2", x => x[0] * 2f },
        { "2 * x", x => 2f * x[0] },
        { "x / 2", x => x[0] / 2f },
        { "2 / x", x => 2f / x[0] },
        { "-x", x => -x[0] },
    };

    [Theory]
    [MemberData(nameof(Binary))]
    public void Gradient_matches_finite_differences(string name, Operation operation)
    {
        name.Should().NotBeEmpty();
        GradientCheck.Run(operation, [Samples.Uniform(1, 1, 2, 3, 4), Samples.Uniform(2, 1, 2, 3, 4)]);
        GradientCheck.Run(operation, [Samples.Uniform(1, 1, 2, 3, 1), Samples.Uniform(2, 1, 2, 2, 1, 4)]);
        GradientCheck.Run(operation, [Samples.Uniform(1, 1, 2), Samples.Uniform(2, 1, 2, 5)]);
    }

    [Theory]
    [MemberData(nameof(WithANumber))]
    public void Gradient_with_a_number_matches_finite_differences(string name, Operation operation)
    {
        name.Should().NotBeEmpty();
        GradientCheck.Run(operation, [Samples.Uniform(1, 1, 2, 3, 4)]);
    }

    [Fact]
    public void Division_by_a_number_is_rounded_once()
    {
        var x = Samples.Of(1, 1000);
        (new Variable(x) / 3f).Value.ToArray().Should().Equal(x.ToArray().Select(v => v / 3f));
    }

    [Fact]
    public void A_clamp_needs_its_bounds_in_order() =>
        new Variable(Samples.Of(1, 2)).Invoking(x => x.Clamp(2f, 1f))
            .Should().Throw<ArgumentException>().WithMessage("Clamp: low should not be above high; got 2 and 1.");

    [Fact]
    public void Values_are_those_of_the_tensors()
    {
        var (x, y) = (Samples.Uniform(1, 1, 2, 3, 1), Samples.Uniform(2, 1, 2, 2, 1, 4));
        Variable vx = x, vy = y;
        (vx + vy).Value.ToArray().Should().Equal((x + y).ToArray());
        (vx - vy).Value.ToArray().Should().Equal((x - y).ToArray());
        (vx * vy).Value.ToArray().Should().Equal((x * y).ToArray());
        (vx / vy).Value.ToArray().Should().Equal((x / y).ToArray());
        (2f / vx).Value.ToArray().Should().Equal((2f / x).ToArray());
        (3f - vx).Value.ToArray().Should().Equal((3f - x).ToArray());
    }

    [Fact]
    public void A_variable_with_itself_gets_both_gradients() =>
        GradientCheck.Run(x => x[0] * x[0] / (x[0] + x[0]), [Samples.Uniform(1, 1, 2, 4)]);

    [Fact]
    public void A_transposed_view_is_differentiated_as_well() =>
        GradientCheck.Run(x => x[0].Transpose() * x[1] / x[0].Transpose(),
            [Samples.Uniform(1, 1, 2, 3, 4), Samples.Uniform(2, 1, 2, 4, 3)]);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named() =>
        FluentActions.Invoking(() => new Variable(Samples.Of(1, 3)) + Samples.Of(2, 4))
            .Should().Throw<ShapeException>().WithMessage("Add: (3,) and (4,)*");

    [Fact]
    public void Operations_of_two_variables_are_methods_of_the_first_too()
    {
        Tensor[] inputs = [Samples.Uniform(1, 1, 2, 3, 3), Samples.Uniform(2, 2, 3, 3, 3)];
        (Func<Variable, Variable, Variable> Method, Func<Variable, Variable, Variable> Operation)[] pairs =
        [
            ((x, y) => x.MatMul(y), Variable.MatMul),
            ((x, y) => x.Maximum(y), Variable.Maximum),
            ((x, y) => x.Minimum(y), Variable.Minimum),
            ((x, y) => x.Power(y), Variable.Power),
            ((x, y) => x.Atan2(y), Variable.Atan2),
            ((x, y) => x.Remainder(y), Variable.Remainder),
            ((x, y) => x.FloorDivide(y), Variable.FloorDivide),
        ];
        foreach (var (method, operation) in pairs)
            method(inputs[0], inputs[1]).Value.ToArray().Should().Equal(operation(inputs[0], inputs[1]).Value.ToArray());
    }

    [Fact]
    public void Numbers_may_be_double_and_are_rounded_to_float()
    {
        Variable x = Tensor.FromArray([1f, 2f]);
        Same(x + 0.1, x + 0.1f);
        Same(0.1 + x, 0.1f + x);
        Same(x - 0.1, x - 0.1f);
        Same(0.1 - x, 0.1f - x);
        Same(x * 0.1, x * 0.1f);
        Same(0.1 * x, 0.1f * x);
        Same(x / 0.1, x / 0.1f);
        Same(0.1 / x, 0.1f / x);
        Same(x * 3, x * 3f);

        static void Same(Variable actual, Variable expected) => actual.Value.ToArray().Should().Equal(expected.Value.ToArray());
    }
}
