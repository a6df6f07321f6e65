using Operation = System.Func<SeqCore.Variable, SeqCore.Variable>;

namespace SeqCore.Tests.Autograd.Functions;

public class ViewTests
{
    public static TheoryData<string, Operation, Func<Tensor, Tensor>> Views => new()
    {
        { "reshape", x => x.Reshape(6, -1), x => x.Reshape(6, -1) },
        { "reshape to a shape", x => x.Reshape(new Shape(24)), x => x.Reshape(new Shape(24)) },
        { "flatten", x => x.Flatten(1), x => x.Flatten(1) },
        { "unsqueeze", x => x.Unsqueeze(1), x => x.Unsqueeze(1) },
        { "squeeze", x => x.Unsqueeze(1).Squeeze(1), x => x },
        { "squeeze all", x => x.Unsqueeze(1).Unsqueeze(0).Squeeze(), x => x },
        { "transpose", x => x.Transpose(), x => x.Transpose() },
        { "transpose axes", x => x.Transpose(0, -1), x => x.Transpose(0, -1) },
        { "permute", x => x.Permute(2, 0, -2), x => x.Permute(2, 0, 1) },
        { "slice", x => x.Slice(1, 1, 2), x => x.Slice(1, 1, 2) },
        { "slice with a step", x => x.Slice(2, 0, 2, 2), x => x.Slice(2, 0, 2, 2) },
        { "select", x => x.Select(-1, 2), x => x.Select(-1, 2) },
        { "index", x => x[1, 1..], x => x[1, 1..] },
        { "broadcast", x => x.BroadcastTo(new Shape(5, 2, 3, 4)), x => x.BroadcastTo(new Shape(5, 2, 3, 4)) },
        { "expand", x => x.Unsqueeze(1).Expand(-1, 3, -1, -1), x => x.Unsqueeze(1).Expand(-1, 3, -1, -1) },
        { "reshape of a permutation", x => x.Permute(2, 1, 0).Reshape(12, 2), x => x.Permute(2, 1, 0).Reshape(12, 2) },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void Value_is_the_tensors_and_gradient_matches_finite_differences(string name, Operation view,
        Func<Tensor, Tensor> tensorView)
    {
        var x = Samples.Of(1, 2, 3, 4);
        var actual = view(x).Value;
        actual.Shape.Should().Equal(tensorView(x).Shape, name);
        actual.ToArray().Should().Equal(tensorView(x).ToArray(), name);
        GradientCheck.Run(v => view(v[0]), [x]);
        GradientCheck.Run(v => view(v[0] * v[0]) * 2f, [x]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Concatenation_and_stack_hand_each_part_its_gradient(int axis)
    {
        GradientCheck.Run(x => Variable.Concat(x, axis), [Samples.Of(1, 2, 3), Samples.Of(2, 2, 3), Samples.Of(3, 2, 3)]);
        GradientCheck.Run(x => Variable.Stack(x, axis), [Samples.Of(1, 2, 3), Samples.Of(2, 2, 3), Samples.Of(3, 2, 3)]);
        GradientCheck.Run(x => Variable.Concat([x[0], x[0]], axis)
            * Variable.Stack([x[0], x[0]], 0).Reshape(x[0].Shape.With(axis, 2 * x[0].Shape[axis])), [Samples.Of(1, 2, 3)]);
    }

    [Fact]
    public void Slices_of_one_variable_add_into_one_gradient()
    {
        Variable Steps(Variable x) => x.Select(1, 0) * x.Select(1, 1) + x.Select(1, 1) * x.Select(1, 2) + x.Slice(1, 0, 2).Sum(1);
        GradientCheck.Run(x => Steps(x[0]), [Samples.Of(1, 2, 3, 4)]);
        GradientCheck.Run(x => Steps(x[0] * 2f) + x[0].Sum(1) + Steps(x[0]), [Samples.Of(1, 2, 3, 4)]);
    }

    [Fact]
    public void A_slice_on_an_inner_tape_adds_to_what_waits_on_the_outer_one()
    {
        var x = new Variable(Tensor.Full(new Shape(3), 1f), requiresGradient: true);
        using var outer = new Tape();
        var y = x * 2f;
        using (var inner = new Tape())
            inner.Backward((y.Slice(0, 1, 1) * 5f).Sum());
        outer.Backward(y.Sum());
        x.Gradient!.ToArray().Should().Equal(2f, 12f, 2f);
    }

    [Fact]
    public void Parts_of_different_length_are_concatenated() =>
        GradientCheck.Run(x => Variable.Concat(x, 1), [Samples.Of(1, 2, 3), Samples.Of(2, 2, 1)]);

    [Fact]
    public void Split_parts_that_nobody_used_get_no_gradient()
    {
        GradientCheck.Run(x => x[0].Split([1, 2, 1], -1), [Samples.Of(1, 3, 4)]);
        GradientCheck.Run(x => x[0].Split(3, 1)[1], [Samples.Of(1, 3, 4)]);
        GradientCheck.Run(x => x[0].Chunk(2, 0)[0] * 2f, [Samples.Of(1, 4, 3)]);
    }

    [Fact]
    public void Errors_are_those_of_the_tensors()
    {
        Variable x = Samples.Of(1, 2, 3);
        x.Invoking(v => v.Reshape(4, -1)).Should().Throw<ShapeException>();
        x.Invoking(v => v.Squeeze(0)).Should().Throw<ShapeException>().WithMessage("Squeeze*");
        x.Invoking(v => v.BroadcastTo(new Shape(3, 3))).Should().Throw<ShapeException>();
        x.Invoking(v => v.Transpose(0, 2)).Should().Throw<ArgumentOutOfRangeException>();
        x.Invoking(v => Variable.Concat([v, Samples.Of(1, 4)], 0)).Should().Throw<ShapeException>();
    }
}
