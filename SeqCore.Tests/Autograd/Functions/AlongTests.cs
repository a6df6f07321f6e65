namespace SeqCore.Tests.Autograd.Functions;

public class AlongTests
{
    private static readonly IndexTensor Picks = IndexTensor.FromSpan([2, 0, -1, 1, 1, 0, 2, -2], [2, 4, 1]);

    // Along axis 1 the last line takes 1 three times.
    private static readonly IndexTensor Elements = IndexTensor.FromSpan([2, 0, -1, 1, 1, 1, 1, -3], [1, 4, 2]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Parts_hand_the_sum_of_their_gradients_back(int axis)
    {
        var x = Samples.Of(1, 3, 4, 5);
        GradientCheck.Run(v => v[0].Gather(Picks, axis), [x]);
        GradientCheck.Run(v => (v[0] * v[0]).Gather(Picks, axis) * 2f, [x]);
        new Variable(x).Gather(Picks, axis).Value.ToArray().Should().Equal(x.Gather(Picks, axis).ToArray());
    }

    [Fact]
    public void Elements_hand_the_sum_of_their_gradients_back()
    {
        var x = Samples.Of(1, 2, 3, 2);
        GradientCheck.Run(v => v[0].GatherAlong(Elements, 1), [x]);
        GradientCheck.Run(v => v[0].Transpose(0, 2).GatherAlong(Elements, 1) * v[0].Sum(), [x]);
    }

    [Fact]
    public void Scattered_values_get_the_gradient_of_where_they_remain()
    {
        Tensor[] operands = [Samples.Of(1, 2, 3, 2), Samples.Of(2, 1, 4, 2)];
        GradientCheck.Run(v => v[0].ScatterAlong(Elements, v[1], 1), operands);
        GradientCheck.Run(v => v[0].ScatterAddAlong(Elements, v[1], 1), operands);
        GradientCheck.Run(v => v[0].ScatterAlong(Elements, v[1], -2), [operands[0], Samples.Of(3, 1)]);
        GradientCheck.Run(v => v[0].ScatterAddAlong(Elements, v[1], 1), [operands[0], Samples.Of(3, 4, 1)]);
    }

    [Fact]
    public void A_value_that_a_later_one_replaced_gets_no_gradient_even_beside_infinity()
    {
        var x = new Variable(Tensor.Zeros([2]), requiresGradient: true);
        var source = new Variable(Tensor.FromSpan([1f, 2f, 3f], [3]), requiresGradient: true);
        using var tape = new Tape();
        var y = x.ScatterAlong(IndexTensor.FromSpan([1, 1, -1], [3]), source, 0);
        y.Value.ToArray().Should().Equal(0f, 3f);
        tape.Backward(y, Tensor.FromSpan([5f, float.PositiveInfinity], [2]));
        x.Gradient!.ToArray().Should().Equal(5f, 0f);
        source.Gradient!.ToArray().Should().Equal(0f, 0f, float.PositiveInfinity);
    }
}
