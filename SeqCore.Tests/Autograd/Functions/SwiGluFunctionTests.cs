using SeqCore.Kernels;
using SeqCore.Tests.Goldens;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

public class SwiGluFunctionTests
{
    [Theory]
    [InlineData(new[] { 2 })]
    [InlineData(new[] { 3, 34 })]
    [InlineData(new[] { 2, 3, 6 })]
    public void Result_and_gradient_match_the_definition_in_double(int[] shape) => GradientCheck.Run(v => v[0].SwiGlu(),
        v => [.. v[0].Chunk(shape[^1]).SelectMany(row => Definition.SwiGlu(row))], [Samples.Uniform(1, -4, 4, shape)]);

    [Fact]
    public void A_transposed_view_works_as_well() => GradientCheck.Run(x => x[0].Transpose().SwiGlu(), [Samples.Spread(1, 6, 3)]);

    [Fact]
    public void An_odd_axis_is_named() =>
        new Variable(Samples.Of(1, 2, 5)).Invoking(v => v.SwiGlu()).Should().Throw<ShapeException>()
            .WithMessage("SwiGlu: x should have shape (..., 2F) because it holds a gate and a value side by side; got (2, 5).");

    [Theory]
    [InlineData("SwiGlu")]
    [InlineData("Silu")]
    [InlineData("Gelu")]
    [InlineData("GeluTanh")]
    public void Gates_and_activations_are_those_of_PyTorch(string name)
    {
        var golden = Golden.Read("transformer_rows.json").GetProperty(name);
        var x = new Variable(golden.GetProperty("x").ToTensor(), requiresGradient: true);
        using var tape = new Tape();
        var y = name switch
        {
            "SwiGlu" => x.SwiGlu(),
            "Silu" => x.Silu(),
            "Gelu" => x.Gelu(),
            _ => x.GeluTanh(),
        };
        y.Value.ShouldBeCloseTo(golden.GetProperty("y").ToTensor(), 1e-6f, "y");
        tape.Backward((y * golden.GetProperty("dy").ToTensor()).Sum());
        x.Gradient!.ShouldBeCloseTo(golden.GetProperty("dx").ToTensor(), 1e-6f, "dx");
    }
}
