namespace SeqCore.Tests.Autograd.Functions;

public class ScatterTests
{
    [Fact]
    public void The_gradient_of_the_largest_elements_goes_to_their_positions()
    {
        var x = new Variable(Tensor.FromSpan([3f, 1f, 2f, -1f, 5f, 4f], [2, 3]), requiresGradient: true);
        using var tape = new Tape();
        var (values, indices) = x.TopK(2);
        values.Value.ToArray().Should().Equal(3f, 2f, 5f, 4f);
        indices.ToArray().Should().Equal(0, 2, 1, 2);
        tape.Backward(values, Tensor.FromSpan([10f, 20f, 30f, 40f], [2, 2]));
        x.Gradient!.ToArray().Should().Equal(10f, 0f, 20f, 0f, 30f, 40f);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public void The_gradient_of_sorted_elements_goes_to_their_positions(int axis, bool descending)
    {
        var x = Samples.Spread(1, 3, 4, 2);
        GradientCheck.Run(v => v[0].Sort(axis, descending).Values, [x]);
        GradientCheck.Run(v => v[0].Transpose(0, 2).Sort(axis, descending).Values * v[0].Sum(), [x]);
        var (values, indices) = new Variable(x).Sort(axis, descending);
        var (expected, places) = x.Sort(axis, descending);
        values.Value.ToArray().Should().Equal(expected.ToArray());
        indices.ToArray().Should().Equal(places.ToArray());
    }

    [Fact]
    public void The_gradient_of_scattered_rows_is_gathered()
    {
        var table = new Variable(Tensor.FromSpan([1f, 2f, 3f, 4f], [2, 2]), requiresGradient: true);
        var source = new Variable(Tensor.FromSpan([1f, 1f, 10f, 10f, 100f, 100f], [3, 2]), requiresGradient: true);
        using var tape = new Tape();
        var y = table.ScatterAdd(IndexTensor.FromSpan([1, 0, 1], [3]), source);
        y.Value.ToArray().Should().Equal(11f, 12f, 104f, 105f);
        tape.Backward(y, Tensor.FromSpan([5f, 6f, 7f, 8f], [2, 2]));
        table.Gradient!.ToArray().Should().Equal(5f, 6f, 7f, 8f);
        source.Gradient!.ToArray().Should().Equal(7f, 8f, 5f, 6f, 7f, 8f);
    }
}
