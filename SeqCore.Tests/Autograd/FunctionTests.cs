namespace SeqCore.Tests.Autograd;

public class FunctionTests
{
    /// <summary>What a user would write: y = x^3, and the square that Backward needs is saved for it alone.</summary>
    private sealed class CubeFunction(Variable x) : Function(x)
    {
        internal Tensor? Square { get; private set; }

        internal bool Recorded => IsRecorded;

        protected override Tensor Forward()
        {
            Square = Save(x.Value * x.Value);
            return Square * x.Value;
        }

        protected override void Backward(Tensor dY) => AddGradient(x, dY * Square! * 3f);
    }

    /// <summary>Two results: x + y and x - y.</summary>
    private sealed class SumAndDifferenceFunction(Variable x, Variable y) : MultiFunction(x, y)
    {
        protected override Tensor[] ForwardMany() => [x.Value + y.Value, x.Value - y.Value];

        protected override void BackwardMany(Tensor?[] dY)
        {
            foreach (var d in dY)
            {
                if (d is not null)
                    AddGradient(x, d);
            }

            if (dY[0] is not null)
                AddGradient(y, dY[0]!);
            if (dY[1] is not null)
                AddGradient(y, -dY[1]!);
        }
    }

    private sealed class WronglyShapedFunction(Variable x, Tensor gradient) : Function(x)
    {
        protected override Tensor Forward() => x.Value * 2f;

        protected override void Backward(Tensor dY) => AddGradient(x, gradient);
    }

    /// <summary>2 x + 3 x, and saves both.</summary>
    private sealed class Fivefold(Variable x) : Function(x)
    {
        internal List<Tensor> Parts { get; } = [];

        protected override Tensor Forward()
        {
            Parts.AddRange([Save(x.Value * 2f), Save(x.Value * 3f)]);
            return Parts[0] + Parts[1];
        }

        protected override void Backward(Tensor dY) => AddGradient(x, dY * 5f);
    }

    [Fact]
    public void A_function_of_the_users_own_is_differentiated() =>
        GradientCheck.Run(x => new CubeFunction(x[0]).Apply(), [Samples.Of(1, 4, 3)]).Checked.Should().Be(12);

    [Fact]
    public void What_a_function_saves_goes_back_right_after_its_backward_pass()
    {
        var x = new Variable(Samples.Of(1, 3), true);
        using var tape = new Tape();
        var function = new CubeFunction(x);
        var loss = function.Apply().Sum();
        function.Square!.IsDisposed.Should().BeFalse();
        tape.Backward(loss);
        function.Square.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void All_that_a_function_saves_goes_back_whether_a_gradient_reached_it_or_not()
    {
        var x = new Variable(Samples.Of(1, 3), true);
        using var tape = new Tape();
        var (used, unused) = (new Fivefold(x), new Fivefold(x));
        unused.Apply();
        tape.Backward(used.Apply().Sum());
        used.Parts.Concat(unused.Parts).Should().HaveCount(4).And.OnlyContain(t => t.IsDisposed);
    }

    [Fact]
    public void What_a_function_saves_goes_back_at_once_where_nothing_is_recorded()
    {
        var function = new CubeFunction(new Variable(Samples.Of(1, 3), true));
        function.Apply();
        function.Recorded.Should().BeFalse();
        function.Square!.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void A_function_with_several_results_gets_a_gradient_for_those_that_were_used()
    {
        GradientCheck.Run(x => new SumAndDifferenceFunction(x[0], x[1]).ApplyMany(), [Samples.Of(1, 3), Samples.Of(2, 3)]);
        GradientCheck.Run(x => new SumAndDifferenceFunction(x[0], x[1]).ApplyMany()[1] * 2f,
            [Samples.Of(1, 3), Samples.Of(2, 3)]);
    }

    [Fact]
    public void A_gradient_of_another_shape_is_an_error_that_names_the_function()
    {
        var x = new Variable(Samples.Of(1, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = new WronglyShapedFunction(x, Tensor.Zeros(new Shape(4))).Apply();
        tape.Invoking(t => t.Backward(y.Sum())).Should().Throw<ShapeException>()
            .WithMessage("WronglyShaped: the gradient from Backward should have shape (3,) because that is its input's"
                + " shape; got (4,).");
    }

    [Fact]
    public void A_gradient_with_fewer_axes_than_the_input_is_an_error()
    {
        var x = new Variable(Samples.Of(1, 1, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = new WronglyShapedFunction(x, Tensor.Zeros(new Shape(3))).Apply();
        tape.Invoking(t => t.Backward(y.Sum())).Should().Throw<ShapeException>().WithMessage("*(1, 3)*got (3,).");
    }

    [Fact]
    public void A_gradient_that_is_missing_is_refused()
    {
        var x = new Variable(Samples.Of(1, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = new WronglyShapedFunction(x, null!).Apply();
        tape.Invoking(t => t.Backward(y.Sum())).Should().Throw<ArgumentNullException>().WithParameterName("gradient");
    }

    [Fact]
    public void A_function_object_is_applied_once()
    {
        using var tape = new Tape();
        var function = new CubeFunction(new Variable(Samples.Of(1, 3), requiresGradient: true));
        function.Apply();
        function.Invoking(f => f.Apply())
            .Should().Throw<InvalidOperationException>().WithMessage("Cube: a function object can be applied only once*");
    }

    [Fact]
    public void Saving_an_input_or_the_result_does_no_harm()
    {
        GradientCheck.Run(x => new SavesAllFunction(x[0]).Apply(), [Samples.Of(1, 3)]);
        GradientCheck.Run(x => new SavesAllOfManyFunction(x[0]).ApplyMany(), [Samples.Of(1, 3)]);
        var value = Samples.Of(1, 3);
        new SavesAllFunction(value).Apply().Value.ToArray().Should().Equal(value.Exp().ToArray());
        value.IsDisposed.Should().BeFalse();
    }

    /// <summary>e^x, which saves x and the result.</summary>
    private sealed class SavesAllFunction(Variable x) : Function(x)
    {
        private Tensor? y;

        protected override Tensor Forward() => y = Save(Save(x.Value).Exp());

        protected override void Backward(Tensor dY) => AddGradient(x, y! * dY);
    }

    private sealed class SavesAllOfManyFunction(Variable x) : MultiFunction(x)
    {
        private Tensor? y;

        protected override Tensor[] ForwardMany() => [y = Save(Save(x.Value).Exp())];

        protected override void BackwardMany(Tensor?[] dY) => AddGradient(x, y! * dY[0]!);
    }

    [Fact]
    public void Inputs_that_are_missing_are_refused() =>
        FluentActions.Invoking(() => new Variable(Samples.Of(1, 3)) + (Variable)null!).Should().Throw<ArgumentNullException>();

    [Fact]
    public void Apply_returns_the_first_of_several_results()
    {
        var y = new SumAndDifferenceFunction(Samples.Of(1, 3), Tensor.Zeros(new Shape(3))).Apply();
        y.Value.ToArray().Should().Equal(Samples.Of(1, 3).ToArray());
    }

    [Fact]
    public void Its_name_is_that_of_the_type()
    {
        new CubeFunction(Samples.Of(1, 2)).Name.Should().Be("Cube");
        new Fivefold(Samples.Of(1, 2)).Name.Should().Be("Fivefold");
    }
}
