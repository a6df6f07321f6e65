using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class TensorJoiningTests
{
    [Fact]
    public void Stack_makes_a_new_axis_anywhere_and_takes_views()
    {
        using var x = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        using var y = Tensor.FromSpan([-1f, -4f, -2f, -5f, -3f, -6f], [3, 2]).Transpose();
        foreach (var axis in new[] { 0, 1, 2, -3, -2, -1 })
        {
            using var stacked = Tensor.Stack([x, y], axis);
            stacked.Rank.Should().Be(3);
            stacked.Select(axis, 0).ToArray().Should().Equal(1f, 2f, 3f, 4f, 5f, 6f);
            stacked.Select(axis, 1).ToArray().Should().Equal(-1f, -2f, -3f, -4f, -5f, -6f);
        }

        foreach (var axis in new[] { 3, -4 })
        {
            FluentActions.Invoking(() => Tensor.Stack([x, y], axis)).Should()
                .Throw<ArgumentOutOfRangeException>().WithMessage("Stack: the result has axes -3 to 2.*");
        }

        Tensor.Stack([Tensor.Scalar(1f), Tensor.Scalar(2f)], -1).ToArray().Should().Equal(1f, 2f);
    }

    [Fact]
    public void Tensors_of_two_backends_on_one_device_are_joined()
    {
        using var one = new CpuBackend(1);
        using var other = new CpuBackend(2);
        using var x = Tensor.Ones([2], one);
        using var y = Tensor.Zeros([2], other);
        Tensor.Concat([x, y]).ToArray().Should().Equal(1f, 1f, 0f, 0f);
        Tensor.Stack([x, y], 1).ToArray().Should().Equal(1f, 0f, 1f, 0f);
    }

    [Fact]
    public void An_axis_without_elements_is_split_into_one_part()
    {
        using var x = Tensor.Zeros([0, 3]);
        x.Split(2).Should().ContainSingle().Which.Shape.Should().Equal(0, 3);
    }

    [Fact]
    public void A_tensor_that_is_missing_is_refused_by_every_join()
    {
        using var x = Tensor.Zeros([2]);
        Refused(() => Tensor.Concat([x, null!]));
        Refused(() => Tensor.Stack([x, null!]));
        Refused(() => BoolTensor.Concat([null!]));
        Refused(() => IndexTensor.Concat([null!]));

        static void Refused(Action join) => join.Should().Throw<ArgumentNullException>().WithParameterName("tensors");
    }
}
