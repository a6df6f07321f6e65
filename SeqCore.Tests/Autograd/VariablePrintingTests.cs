using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Autograd;

public class VariablePrintingTests
{
    [Fact]
    public void A_variable_shows_its_shape_and_its_values()
    {
        new Variable(Tensor.FromArray(new[,] { { 1f, 2.5f }, { 3f, 4f } })).ToString().Should().Be(
            """
            Variable (2, 2)
            [[1.0000, 2.5000],
             [3.0000, 4.0000]]
            """);
        new Variable(Tensor.Zeros([0])).ToString().Should().Be("Variable (0,): no elements");
    }

    [Fact]
    public void It_shows_whether_it_requires_a_gradient_and_where_it_comes_from()
    {
        using var tape = new Tape();
        var x = new Variable(Tensor.Scalar(2f), requiresGradient: true);
        x.ToString().Should().Be("Variable (), requires a gradient: 2");
        (x * x).ToString().Should().Be("Variable (), requires a gradient, result of Multiply: 4");
        (x * x).Detach().ToString().Should().Be("Variable (): 4");
    }

    [Fact]
    public void A_parameter_is_called_one()
    {
        var parameter = new Parameter(Tensor.Arange(2000));
        $"{parameter}".Should().Be("Parameter (2000,), requires a gradient\n[   0,    1,    2, ..., 1997, 1998, 1999]");
        parameter.RequiresGradient = false;
        $"{parameter}".Should().StartWith("Parameter (2000,)\n[");
        parameter.Value.Dispose();
        $"{parameter}".Should().Be("Parameter (2000,), closed by Dispose");
    }

    [Fact]
    public void Another_device_than_the_default_one_is_named()
    {
        using var backend = new CpuBackend(1);
        new Variable(Tensor.Ones([2], backend)).ToString().Should().Be($"Variable (2,), on {backend.Device}\n[1, 1]");
    }
}
