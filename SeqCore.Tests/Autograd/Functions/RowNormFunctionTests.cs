using SeqCore.Kernels;
using SeqCore.Tests.Goldens;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

public class RowNormFunctionTests
{
    private static readonly GradientCheckOptions Tight = new() { RelativeTolerance = 2e-5, AbsoluteTolerance = 1e-5 };

    private static double[] Rms(double[] x, double[]? weight, int columns) =>
        [.. x.Chunk(columns).SelectMany(row => Definition.RmsNorm(row, weight, 1e-6).Y)];

    private static double[] Layer(double[] x, double[]? weight, double[]? bias, int columns) =>
        [.. x.Chunk(columns).SelectMany(row => Definition.LayerNorm(row, weight, bias, 1e-5).Y)];

    private static double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private static Variable[] Both((Variable Normalised, Variable Sum) results) => [results.Normalised, results.Sum];

    [Theory]
    [InlineData(new[] { 8 })]
    [InlineData(new[] { 5, 33 })]
    [InlineData(new[] { 2, 3, 4 })]
    public void Results_and_gradients_match_the_definition_in_double(int[] shape)
    {
        var n = shape[^1];
        Tensor x = Samples.Of(1, shape), residual = Samples.Of(2, shape), weight = Samples.Uniform(3, 0.5, 1.5, n),
            bias = Samples.Of(4, n);
        GradientCheck.Run(v => v[0].RmsNorm(v[1]), v => Rms(v[0], v[1], n), [x, weight], Tight);
        GradientCheck.Run(v => v[0].RmsNorm(), v => Rms(v[0], null, n), [x], Tight);
        GradientCheck.Run(v => Both(v[0].AddRmsNorm(v[1], v[2])), v => [Rms(Sum(v[0], v[1]), v[2], n), Sum(v[0], v[1])],
            [x, residual, weight], Tight);
        GradientCheck.Run(v => Both(v[0].AddLayerNorm(v[1], v[2], v[3])),
            v => [Layer(Sum(v[0], v[1]), v[2], v[3], n), Sum(v[0], v[1])], [x, residual, weight, bias], Tight);
        GradientCheck.Run(v => v[0].AddLayerNorm(v[1]).Normalised, v => Layer(Sum(v[0], v[1]), null, null, n),
            [x, residual], Tight);
        GradientCheck.Run(v => v[0].AddRmsNorm(v[1]).Sum, v => Sum(v[0], v[1]), [x, residual], Tight);
    }

    [Fact]
    public void A_vector_added_to_itself_gets_both_gradients() =>
        GradientCheck.Run(v => Both(v[0].AddLayerNorm(v[0])), v => [Layer(Sum(v[0], v[0]), null, null, 4), Sum(v[0], v[0])],
            [Samples.Of(1, 3, 4)], Tight);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dropout_before_the_residual_has_the_bits_of_both_operations(bool useSum)
    {
        var fused = Run((x, r, w, random) => x.AddLayerNorm(r, w, dropout: 0.3f, random: random));
        var apart = Run((x, r, w, random) => x.Dropout(0.3f, random).AddLayerNorm(r, w));
        fused.Should().HaveCount(5).And.Equal(apart);
        fused = Run((x, r, w, random) => x.AddRmsNorm(r, w, dropout: 0.3f, random: random));
        fused.Should().Equal(Run((x, r, w, random) => x.Dropout(0.3f, random).AddRmsNorm(r, w))).And.NotEqual(apart);

        List<string> Run(Func<Variable, Variable, Variable, RandomGenerator, (Variable Normalised, Variable Sum)> f)
        {
            Variable x = new(Samples.Of(1, 3, 7), true), residual = new(Samples.Of(2, 3, 7), true),
                weight = new(Samples.Of(3, 7), true);
            using var tape = new Tape();
            var (y, sum) = f(x, residual, weight, new RandomGenerator(4));
            tape.Backward(useSum ? (y * y * sum).Sum() : sum.Sum());
            return [.. new[] { y.Value, sum.Value, x.Gradient, residual.Gradient, weight.Gradient ?? weight.Value }
                .Select(t => string.Join(" ", t!.ToArray().Select(BitConverter.SingleToInt32Bits)))];
        }
    }

    [Fact]
    public void Dropout_before_the_residual_needs_a_generator_and_a_probability_below_1()
    {
        Variable x = Samples.Of(1, 2, 3);
        ((Action)(() => x.AddRmsNorm(x, dropout: 0.5f))).Should().Throw<ArgumentNullException>().WithParameterName("random");
        ((Action)(() => x.AddLayerNorm(x, dropout: 1f, random: new RandomGenerator(1)))).Should()
            .Throw<ArgumentOutOfRangeException>().WithParameterName("dropout");
    }

    [Fact]
    public void Transposed_views_work_as_well() =>
        GradientCheck.Run(x => [x[0].Transpose().RmsNorm(), .. Both(x[0].Transpose().AddRmsNorm(x[1]))],
            [Samples.Spread(1, 6, 3), Samples.Spread(2, 3, 6)]);

    [Fact]
    public void Blocks_one_after_the_other_add_their_gradients_along_the_residual() => GradientCheck.Run(v =>
    {
        var (a, sum) = v[0].AddRmsNorm(v[1]);
        var (b, second) = a.AddLayerNorm(sum, v[2]);
        return [b * a, second];
    }, [Samples.Of(1, 3, 5), Samples.Of(2, 3, 5), Samples.Of(3, 5)]);

    [Theory]
    [InlineData("RmsNorm")]
    [InlineData("AddLayerNorm")]
    [InlineData("AddRmsNorm")]
    public void Results_and_gradients_are_those_of_PyTorch(string name)
    {
        var golden = Golden.Read("transformer_rows.json").GetProperty(name);
        var inputs = golden.EnumerateObject().Where(t => t.Name is "x" or "residual" or "weight" or "bias")
            .ToDictionary(t => t.Name, t => new Variable(t.Value.ToTensor(), requiresGradient: true));
        using var tape = new Tape();
        var results = name switch
        {
            "RmsNorm" => [inputs["x"].RmsNorm(inputs["weight"])],
            "AddRmsNorm" => Both(inputs["x"].AddRmsNorm(inputs["residual"], inputs["weight"])),
            _ => Both(inputs["x"].AddLayerNorm(inputs["residual"], inputs["weight"], inputs["bias"])),
        };
        Variable loss = Tensor.Scalar(0f);
        foreach (var (result, key) in results.Zip(["y", "sum"]))
        {
            result.Value.ShouldBeCloseTo(golden.GetProperty(key).ToTensor(), 1e-6f, key);
            loss += (result * golden.GetProperty("d" + key).ToTensor()).Sum();
        }

        tape.Backward(loss);
        foreach (var (key, input) in inputs)
            input.Gradient!.ShouldBeCloseTo(golden.GetProperty("d" + key).ToTensor(), 2e-6f, "d" + key);
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        Variable x = Samples.Of(1, 3, 4);
        x.Invoking(v => v.RmsNorm(Samples.Of(1, 3))).Should().Throw<ShapeException>()
            .WithMessage("RmsNorm: weight should have shape (D,) = (4,) because x is (3, 4); got (3,).");
        x.Invoking(v => v.AddRmsNorm(Samples.Of(1, 4))).Should().Throw<ShapeException>()
            .WithMessage("AddRmsNorm: residual should have shape (3, 4) because x has it; got (4,).");
        x.Invoking(v => v.AddLayerNorm(v, null, Samples.Of(1, 1, 4)))
            .Should().Throw<ShapeException>().WithMessage("AddLayerNorm: bias*(4,)*(1, 4)*");
        new Variable(Tensor.Scalar(1f)).Invoking(v => v.RmsNorm())
            .Should().Throw<ShapeException>().WithMessage("RmsNorm: x should have shape (..., V)*");
    }
}
