using SeqCore.Models;

namespace SeqCore.Tests.Models.Recurrent;

public class LayerNormLstmTests
{
    [Fact]
    public void Follows_its_equations()
    {
        const int B = 2, T = 4, I = 3, H = 5;
        using var layer = new LayerNormLstm(I, H, new RandomGenerator(1));
        foreach (var (name, parameter) in layer.NamedParameters())
        {
            if (name.StartsWith("norm", StringComparison.Ordinal) || name == "bias")
                Initializer.Uniform(parameter.Value, 0.5f, 1.5f, new RandomGenerator((ulong)name.Length));
        }

        var x = Tensor.RandomNormal([B, T, I], new RandomGenerator(2));
        var (y, state) = layer.Forward(x);
        var p = layer.StateDictionary().ToDictionary(e => e.Key, e => Array.ConvertAll(e.Value.ToArray(), v => (double)v));
        var (xs, ys, cs) = (x.ToArray(), y.Value.ToArray(), state.Cell[0].Value.ToArray());
        for (var b = 0; b < B; b++)
        {
            double[] h = new double[H], c = new double[H];
            for (var t = 0; t < T; t++)
            {
                var input = Enumerable.Range(0, I).Select(i => (double)xs[(((b * T) + t) * I) + i]).ToArray();
                var fromX = Norm(Product(p["weight_ih"], input), p["norm_ih.weight"], null);
                var fromH = Norm(Product(p["weight_hh"], h), p["norm_hh.weight"], null);
                var a = fromX.Zip(fromH, (u, v) => u + v).Zip(p["bias"], (u, v) => u + v).ToArray();
                for (var j = 0; j < H; j++)
                    c[j] = (Sigmoid(a[H + j]) * c[j]) + (Sigmoid(a[j]) * Math.Tanh(a[(2 * H) + j]));
                var normed = Norm(c, p["norm_c.weight"], p["norm_c.bias"]);
                for (var j = 0; j < H; j++)
                {
                    h[j] = Sigmoid(a[(3 * H) + j]) * Math.Tanh(normed[j]);
                    ys[(((b * T) + t) * H) + j].Should().BeApproximately((float)h[j], 2e-5f);
                }
            }

            for (var j = 0; j < H; j++)
                cs[(b * H) + j].Should().BeApproximately((float)c[j], 2e-5f);
        }
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var layer = new LayerNormLstm(2, 4, new RandomGenerator(1));
        GradientCheck.Run(v => layer.Forward(v[0], new RecurrentState([v[1]], [v[2]])).Output,
            [Random([2, 3, 2], 3), Random([2, 4], 4), Random([2, 4], 5)],
            new GradientCheckOptions { Step = 1.0 / 128, RelativeTolerance = 5e-3, AbsoluteTolerance = 1e-3 });
    }

    [Fact]
    public void Every_parameter_gets_a_gradient()
    {
        using var layer = new LayerNormLstm(2, 4, new RandomGenerator(1));
        using var tape = new Tape();
        var (y, _) = layer.Forward(Random([2, 3, 2], 3));
        tape.Backward((y * y).Sum());
        layer.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null) && p.Gradient.IsFinite());
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        using var layer = new LayerNormLstm(2, 4, new RandomGenerator(1));
        layer.Invoking(l => l.Forward(Tensor.Zeros([2, 3, 5])))
            .Should().Throw<ShapeException>().WithMessage("LayerNormLstm: x should have shape (B, T, I) = (B, T, 2)*");
        layer.Invoking(l => l.Forward(Tensor.Zeros([2, 3, 2]), new RecurrentState([Tensor.Zeros([2, 4])])))
            .Should().Throw<ArgumentException>().WithMessage("*one hidden and one cell state*");
    }

    private static Tensor Random(int[] sizes, ulong seed) => Tensor.RandomNormal(sizes, new RandomGenerator(seed));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Product(double[] w, double[] x) =>
        [.. Enumerable.Range(0, w.Length / x.Length).Select(r => x.Select((v, i) => v * w[(r * x.Length) + i]).Sum())];

    private static double[] Norm(double[] x, double[] weight, double[]? bias)
    {
        var mean = x.Average();
        var rstd = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return [.. x.Select((v, i) => ((v - mean) * rstd * weight[i]) + (bias?[i] ?? 0))];
    }
}
