namespace SeqCore.Tests.Autograd;

public class AddGradientTests
{
    /// <summary>x + b, with a backward pass of the test's own.</summary>
    private sealed class SumFunction(Variable x, Variable b, Action<SumFunction, Tensor> backward) : Function(x, b)
    {
        internal Variable X => x;

        internal Variable B => b;

        internal void Give(Variable? input, Tensor gradient, Func<Tensor, Tensor>? part = null) =>
            AddGradient(input, gradient, part);

        protected override Tensor Forward() => x.Value + b.Value;

        protected override void Backward(Tensor dY) => backward(this, dY);
    }

    private sealed class ManySumFunction(Variable x, Variable b, Action<ManySumFunction, Tensor> backward) : MultiFunction(x, b)
    {
        internal Variable X => x;

        internal Variable B => b;

        internal void Give(Variable? input, Tensor gradient) => AddGradient(input, gradient);

        protected override Tensor[] ForwardMany() => [x.Value + b.Value];

        protected override void BackwardMany(Tensor?[] dY) => backward(this, dY[0]!);
    }

    /// <summary>x + b whose base does not know b.</summary>
    private sealed class MissingFunction(Variable x, Variable b) : Function(x)
    {
        protected override Tensor Forward() => x.Value + b.Value;

        protected override void Backward(Tensor dY)
        {
            AddGradient(x, dY);
            AddGradient(b, dY);
        }
    }

    /// <summary>The sum of n variables.</summary>
    private sealed class SumOfManyFunction(Variable[] inputs) : Function(inputs)
    {
        private readonly Variable[] parts = inputs;

        protected override Tensor Forward() => parts.Select(p => p.Value).Aggregate((x, y) => x + y);

        protected override void Backward(Tensor dY)
        {
            foreach (var part in parts.Reverse())
                AddGradient(part, dY * 1f);
            AddGradient(parts[3], parts[4].Value);
        }
    }

    /// <summary>What Backward may do with the tensors that it gives, where b is used in other ways.</summary>
    private static readonly Action<SumFunction, Tensor>[] Right =
    [
        (f, dY) =>
        {
            f.Give(f.X, dY);
            f.Give(f.B, dY);
        },
        (f, dY) =>
        {
            var g = dY * 1f;
            f.Give(f.X, g.Copy());
            f.Give(f.B, g);
        },
        (f, dY) =>
        {
            var g = dY * 1f;
            var view = g.Reshape(g.Shape);
            f.Give(f.X, g);
            f.Give(f.B, view);
        },
        (f, dY) =>
        {
            var g = dY * 1f;
            var view = g[..];
            f.Give(f.X, view);
            f.Give(f.B, g);
        },
        (f, dY) =>
        {
            using var g = dY * 1f;
            f.Give(f.X, g.Reshape(g.Shape));
            f.Give(f.B, g);
        },
        (f, dY) =>
        {
            using var scope = new TensorScope("inside Backward");
            f.Give(f.X, dY * 1f);
            f.Give(f.B, dY);
        },
        (f, dY) =>
        {
            using var g = dY * 1f;
            var view = g.Reshape(g.Shape);
            f.Give(f.X, g, x => x[..]);
            f.Give(null, dY * 2f);
            f.Give(f.B, view, b => b[..]);
        },
    ];

    public static TheoryData<int> Ways => [.. Enumerable.Range(0, Right.Length)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Gradients_are_right_whatever_else_the_inputs_are_used_for(int way)
    {
        Tensor[] inputs = [Samples.Of(1, 3), Samples.Of(2, 3)];
        GradientCheck.Run(v => new SumFunction(v[0], v[1], Right[way]).Apply(), inputs);
        GradientCheck.Run(v => 5f * v[0] + new SumFunction(v[0], v[1], Right[way]).Apply() * v[1], inputs);
        GradientCheck.Run(v => new SumFunction(v[0], v[0], Right[way]).Apply() * v[1], inputs);
        GradientCheck.Run(v => new SumFunction(v[0], inputs[1], Right[way]).Apply(), [inputs[0]]);
    }

    [Fact]
    public void One_tensor_for_two_inputs_is_an_error()
    {
        void Backward(SumFunction f, Tensor dY)
        {
            var g = dY * 1f;
            f.Give(f.X, g);
            f.Give(f.B, g);
        }

        FluentActions.Invoking(() => GradientCheck.Run(v => new SumFunction(v[0], v[1], Backward).Apply(),
            [Samples.Of(1, 3), Samples.Of(2, 3)])).Should().Throw<ObjectDisposedException>()
            .WithMessage("Tensor: this tensor of shape (3,) was closed by AddGradient, which took it over as the gradient of"
                + " input 0. Hint: compute from it before, or give AddGradient a Copy() of it.*");
    }

    [Fact]
    public void Writing_to_the_gradient_that_arrived_is_an_error()
    {
        const string wrote = "Sum: MultiplyInPlace in its Backward wrote to dY, which other functions read too. Hint:*";
        FluentActions.Invoking(() => GradientCheck.Run(v => new SumFunction(v[0], v[1], (f, dY) =>
        {
            var g = dY * 1f;
            dY.MultiplyInPlace(2f);
            f.Give(f.X, g);
        }).Apply(), [Samples.Of(1, 3), Samples.Of(2, 3)])).Should().Throw<InvalidOperationException>().WithMessage(wrote);
        FluentActions.Invoking(() => GradientCheck.Run(v => new ManySumFunction(v[0], v[1], (f, dY) =>
        {
            f.Give(f.X, dY);
            dY.Reshape(dY.Shape).MultiplyInPlace(2f);
        }).ApplyMany(), [Samples.Of(1, 3), Samples.Of(2, 3)])).Should().Throw<InvalidOperationException>()
            .WithMessage("Many" + wrote);
    }

    [Fact]
    public void So_it_is_in_a_function_with_several_results()
    {
        void Backward(ManySumFunction f, Tensor dY)
        {
            var g = dY * 1f;
            f.Give(f.B, g);
            f.Give(f.X, g);
        }

        FluentActions.Invoking(() => GradientCheck.Run(v => new ManySumFunction(v[0], v[1], Backward).ApplyMany(),
            [Samples.Of(1, 3), Samples.Of(2, 3)])).Should().Throw<ObjectDisposedException>()
            .WithMessage("*AddGradient, which took it over as the gradient of input 1.*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tensor_is_closed_once_it_is_given_also_for_an_input_that_needs_no_gradient(bool needsGradient)
    {
        void Backward(SumFunction f, Tensor dY)
        {
            var g = dY * 1f;
            f.Give(f.B, g);
            f.Give(f.X, -g);
        }

        using var tape = new Tape();
        var (x, b) = (new Variable(Samples.Of(1, 3), true), new Variable(Samples.Of(2, 3), needsGradient));
        var y = new SumFunction(x, b, Backward).Apply().Sum();
        tape.Invoking(t => t.Backward(y)).Should().Throw<ObjectDisposedException>()
            .WithMessage("*AddGradient, which took it over*");
    }

    [Fact]
    public void A_tensor_that_is_kept_from_step_to_step_is_refused_in_the_second()
    {
        var ones = Tensor.Ones([3]);
        void Backward(SumFunction f, Tensor dY) => f.Give(f.X, ones);
        void Step()
        {
            using var tape = new Tape();
            tape.Backward(new SumFunction(new Variable(Samples.Of(1, 3), true), Samples.Of(2, 3), Backward).Apply().Sum());
        }

        Step();
        FluentActions.Invoking(Step).Should().Throw<ObjectDisposedException>().WithMessage("*give AddGradient a Copy()*");
    }

    [Fact]
    public void Values_of_inputs_and_results_are_not_taken_over()
    {
        using var tape = new Tape();
        Variable? y = null;
        void Backward(SumFunction f, Tensor dY)
        {
            f.Give(f.X, f.B.Value);
            f.Give(f.B, f.B.Value);
            f.Give(f.B, y!.Value);
        }

        var (x, b) = (new Variable(Samples.Of(1, 3), true), new Variable(Samples.Of(2, 3), true));
        y = new SumFunction(x, b, Backward).Apply();
        tape.Backward(y.Sum());
        x.Gradient!.ToArray().Should().Equal(b.Value.ToArray());
        b.Gradient!.ToArray().Should().Equal((b.Value + y.Value).ToArray());
        x.Gradient.FillInPlace(7f);
        x.ZeroGradient();
        b.Value.ToArray().Should().Equal(Samples.Of(2, 3).ToArray());
    }

    [Fact]
    public void A_function_of_many_inputs_finds_each()
    {
        using var tape = new Tape();
        var parts = Enumerable.Range(0, 20).Select(i => new Variable(Tensor.Full([2], i), true)).ToArray();
        tape.Backward(new SumOfManyFunction(parts).Apply().Sum());
        for (var i = 0; i < parts.Length; i++)
            parts[i].Gradient!.ToArray().Should().Equal(Enumerable.Repeat(i == 3 ? 5f : 1f, 2));
        parts[4].Value.ToArray().Should().Equal(4f, 4f);
    }

    [Fact]
    public void A_variable_that_is_not_an_input_is_an_error_that_says_what_to_do() =>
        FluentActions.Invoking(() => GradientCheck.Run(v => new MissingFunction(v[0], v[1]).Apply(),
            [Samples.Of(1, 3), Samples.Of(2, 3)])).Should().Throw<ArgumentException>()
            .WithMessage("Missing: AddGradient got a variable of shape (3,) that is not an input of this function. Hint: pass"
                + " every variable that gets a gradient to the constructor of the base*");
}
