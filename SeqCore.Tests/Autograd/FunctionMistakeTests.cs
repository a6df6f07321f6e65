namespace SeqCore.Tests.Autograd;

/// <summary>Mistakes in functions of the program's own: each is an error that names the function and says what to do.</summary>
public class FunctionMistakeTests
{
    private sealed class MineFunction(Func<MineFunction, Tensor> forward, Action<MineFunction, Tensor> backward,
        params Variable[] inputs) : Function(inputs)
    {
        internal Tensor Value(int input) => Inputs[input].Value;

        internal Tensor Saved(Tensor tensor) => Save(tensor);

        internal void Give(int input, Tensor gradient, Func<Tensor, Tensor>? part = null) =>
            AddGradient(Inputs[input], gradient, part);

        protected override Tensor Forward() => forward(this);

        protected override void Backward(Tensor dY) => backward(this, dY);
    }

    private sealed class ManyFunction(Func<Tensor[]> forward, Variable x) : MultiFunction(x)
    {
        protected override Tensor[] ForwardMany() => forward();

        protected override void BackwardMany(Tensor?[] dY) => AddGradient(x, dY[0]!);
    }

    private static Variable Leaf(int seed = 1) => new(Samples.Of(seed, 2, 3), requiresGradient: true);

    /// <summary>Runs the backward pass of a function whose result is 2 x.</summary>
    private static Action Backward(Action<MineFunction, Tensor> backward) => () =>
    {
        using var tape = new Tape();
        tape.Backward(new MineFunction(f => f.Value(0) * 2f, backward, Leaf()).Apply().Sum());
    };

    public static TheoryData<string, Func<Tensor, Tensor, Tensor>> NoViews => new()
    {
        { "another tensor of shape (2, 3)", (part, _) => part.Copy() },
        { "another tensor of shape (6,)", (part, _) => part.Transpose().Reshape(6) },
        { "another tensor of shape (2, 3)", (_, value) => value },
        { "null", (_, _) => null! },
    };

    [Theory]
    [MemberData(nameof(NoViews))]
    public void A_part_that_is_not_a_view_is_refused(string text, Func<Tensor, Tensor, Tensor> part) =>
        Backward((f, dY) => f.Give(0, dY * 2f, p => part(p, f.Value(0)))).Should().Throw<ArgumentException>()
            .WithMessage($"Mine: the part of AddGradient should return a view*(2, 3), but it returned {text}, so*Hint:*");

    [Fact]
    public void The_whole_is_a_part_and_the_gradient_has_the_shape_of_the_part()
    {
        var x = Leaf();
        using var tape = new Tape();
        var y = new MineFunction(f => f.Value(0) * 3f, (f, dY) =>
        {
            f.Give(0, dY * 1f, p => p);
            f.Give(0, (dY * 2f).Transpose(), p => p.Transpose());
        }, x).Apply();
        tape.Backward(y.Sum());
        x.Gradient!.ToArray().Should().Equal(3f, 3f, 3f, 3f, 3f, 3f);
        Backward((f, dY) => f.Give(0, dY[0] * 1f, p => p[..])).Should().Throw<ShapeException>().WithMessage(
            "Mine: the gradient from Backward should have shape (2, 3) because that is the shape of its part; got (3,).");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_tensor_that_was_changed_since_the_forward_pass_is_no_gradient(bool isSaved, bool isView)
    {
        var (x, b) = (Leaf(), Leaf(2));
        Tensor? kept = null;
        using var tape = new Tape();
        var y = new MineFunction(f =>
        {
            kept = isSaved ? f.Saved(f.Value(1) * 1f) : f.Value(1);
            return f.Value(0) * kept;
        }, (f, _) => f.Give(0, isView ? kept![..] : kept!), x, b).Apply();
        kept!.AddInPlace(1f);
        tape.Invoking(t => t.Backward(y.Sum())).Should().Throw<InvalidOperationException>()
            .WithMessage("Mine: its backward pass needs a tensor of shape (2, 3)*AddInPlace has changed it*");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tensor_that_was_changed_before_the_forward_pass_is_one_for_earlier_functions_too(bool isView)
    {
        var (x, b) = (Leaf(), Leaf(2));
        using var tape = new Tape();
        var square = x.Square();
        b.Value.FillInPlace(3f);
        var y = new MineFunction(f => f.Value(0) * f.Value(1), (f, _) => f.Give(0, isView ? f.Value(1)[..] : f.Value(1)),
            square, b).Apply();
        var seed = Tensor.Zeros([2, 3]);
        seed.FillInPlace(1f);
        tape.Backward(y, seed);
        x.Gradient!.ToArray().Should().Equal(x.Value.ToArray().Select(v => 6f * v));
    }

    [Fact]
    public void A_result_that_is_missing_is_named()
    {
        using var tape = new Tape();
        FluentActions.Invoking(() => new MineFunction(_ => null!, (_, _) => { }, Leaf()).Apply()).Should()
            .Throw<InvalidOperationException>().WithMessage("Mine: Forward returned null instead of the result.");
        FluentActions.Invoking(() => new MineFunction(_ => null!, (_, _) => { }, Samples.Of(1, 2)).ApplyMany()).Should()
            .Throw<InvalidOperationException>().WithMessage("Mine: Forward returned null instead of the result.");
        Tensor[]?[] results = [null, [], [Samples.Of(1, 2), null!]];
        foreach (var result in results)
        {
            FluentActions.Invoking(() => new ManyFunction(() => result!, Leaf()).Apply()).Should()
                .Throw<InvalidOperationException>()
                .WithMessage("Many: ForwardMany should return one tensor or more, and none of them null.");
        }
    }

    [Fact]
    public void A_gradient_is_added_in_the_backward_pass_only()
    {
        const string text = "Mine: AddGradient was called outside of a backward pass. Call it in Backward*";
        MineFunction? function = null;
        using (var tape = new Tape())
        {
            FluentActions.Invoking(() => new MineFunction(f =>
            {
                f.Give(0, f.Value(0));
                return f.Value(0) * 1f;
            }, (_, _) => { }, Leaf()).Apply()).Should().Throw<InvalidOperationException>().WithMessage(text);
            function = new MineFunction(f => f.Value(0) * 1f, (f, dY) => f.Give(0, dY), Leaf());
            tape.Backward(function.Apply().Sum());
            function.Invoking(f => f.Give(0, Tensor.Ones([2, 3]))).Should().Throw<InvalidOperationException>()
                .WithMessage(text);
        }

        function.Invoking(f => f.Give(0, Tensor.Ones([2, 3]))).Should().Throw<InvalidOperationException>().WithMessage(text);
    }
}
