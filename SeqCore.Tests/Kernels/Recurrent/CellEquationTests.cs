namespace SeqCore.Tests.Kernels;

/// <summary>The equations of the cells, over double, against the same written out by hand.</summary>
public class CellEquationTests
{
    private static readonly Random Random = new(3);

    [Fact]
    public void Lstm() => Check(CellKind.Lstm, (a, b, h, c) => LstmStep(Sum(a, b), c, Sigmoid, Math.Tanh));

    [Fact]
    public void Lstm_with_other_activations() =>
        Check(CellKind.HardLstm, (a, b, h, c) => LstmStep(Sum(a, b), c, HardSigmoid, Sigmoid));

    [Fact]
    public void Gru() => Check(CellKind.Gru, (a, b, h, c) => (GruStep(a, b, h, Sigmoid, Math.Tanh), c));

    [Fact]
    public void Gru_with_other_activations() =>
        Check(CellKind.HardGru, (a, b, h, c) => (GruStep(a, b, h, HardSigmoid, x => Math.Max(x, 0)), c));

    [Fact]
    public void Gru_with_the_reset_gate_before_the_product()
    {
        var cell = TestCell.Of(CellKind.ResetFirstGru);
        double[] a = [0.3, -0.7, 1.1], b = [0.4, 0.2, 0];
        cell.Reset(a, b, 0.8).Should().BeApproximately(Sigmoid(0.7) * 0.8, 1e-12);
        Check(CellKind.ResetFirstGru, (a, b, h, c) =>
        {
            var z = Sigmoid(a[1] + b[1]);
            return (((1 - z) * Math.Tanh(a[2] + b[2])) + (z * h), c);
        });
    }

    /// <summary>An LSTM whose input gate's sum is the forget gate's with the other sign: 1 - s(a) = s(-a).</summary>
    [Fact]
    public void Coupled_lstm() =>
        Check(CellKind.CoupledLstm, (a, b, h, c) =>
        {
            var sums = Sum(a, b);
            return LstmStep([-sums[0], .. sums], c, Sigmoid, Math.Tanh);
        });

    [Fact]
    public void Rnn() => Check(CellKind.Tanh, (a, b, h, c) => (Math.Tanh(a[0] + b[0]), c));

    [Fact]
    public void Rnn_with_relu() => Check(CellKind.Relu, (a, b, h, c) => (Math.Max(a[0] + b[0], 0), c));

    private static (double Hidden, double Cell) LstmStep(double[] a, double c, Func<double, double> s, Func<double, double> t)
    {
        var next = (s(a[1]) * c) + (s(a[0]) * t(a[2]));
        return (s(a[3]) * t(next), next);
    }

    private static double GruStep(double[] a, double[] b, double h, Func<double, double> s, Func<double, double> t)
    {
        var (r, z) = (s(a[0] + b[0]), s(a[1] + b[1]));
        return ((1 - z) * t(a[2] + (r * b[2]))) + (z * h);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // The factor is the float that is nearest to 1/6.
    private static double HardSigmoid(double x) => Math.Clamp((x * (1f / 6f)) + 0.5, 0, 1);

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static void Check(CellKind kind, Func<double[], double[], double, double, (double Hidden, double Cell)> expected)
    {
        var cell = TestCell.Of(kind);
        for (var i = 0; i < 200; i++)
        {
            double[] a = Numbers(cell.Gates), b = Numbers(cell.Gates), states = Numbers(2);
            var (hidden, next) = cell.Step(a, b, states[0], states[1]);
            var (h, c) = expected(a, b, states[0], states[1]);
            hidden.Should().BeApproximately(h, 1e-7);
            next.Should().BeApproximately(cell.HasCell ? c : states[1], 1e-7);
        }
    }

    // Wide enough for the ends of a hard sigmoid.
    private static double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (Random.NextDouble() * 8) - 4)];
}
