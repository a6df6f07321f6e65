namespace SeqCore.Tests.Kernels;

internal enum CellKind
{
    Lstm,
    Gru,
    Tanh,
    Relu,
}

/// <summary>A recurrent layer as its equations say, in double: the plain definition that the kernels are compared with.</summary>
internal sealed class RecurrentOracle(CellKind kind, int batch, int steps, int inputs, int hidden)
{
    internal int Gates => kind switch { CellKind.Lstm => 4, CellKind.Gru => 3, _ => 1 };

    internal int[]? Lengths { get; init; }

    internal bool Reverse { get; init; }

    internal double[]? KeepHidden { get; init; }

    internal double[]? KeepCell { get; init; }

    /// <summary>Outputs (B, T, H), last hidden state and last cell state (B, H).</summary>
    internal (double[] Y, double[] HN, double[] CN) Run(double[] x, double[] wIh, double[] wHh, double[] bIh, double[] bHh,
        double[] h0, double[] c0)
    {
        var y = new double[batch * steps * hidden];
        var h = (double[])h0.Clone();
        var c = (double[])c0.Clone();
        for (var s = 0; s < steps; s++)
        {
            var t = Reverse ? steps - 1 - s : s;
            for (var b = 0; b < batch; b++)
            {
                if (Lengths is not null && t >= Lengths[b])
                    continue;
                var input = x.AsSpan(((b * steps) + t) * inputs, inputs);
                var state = h.AsSpan(b * hidden, hidden).ToArray();
                for (var u = 0; u < hidden; u++)
                {
                    var at = (b * hidden) + u;
                    var kept = (((t * batch) + b) * hidden) + u;
                    var next = kind switch
                    {
                        CellKind.Lstm => Lstm(input, state, u),
                        CellKind.Gru => Gru(input, state, u),
                        CellKind.Tanh => Math.Tanh(Side(wIh, bIh, input, u) + Side(wHh, bHh, state, u)),
                        _ => Math.Max(0, Side(wIh, bIh, input, u) + Side(wHh, bHh, state, u)),
                    };
                    var keep = KeepHidden?[kept] ?? 0;
                    h[at] = (keep * state[u]) + ((1 - keep) * next);
                    y[(((b * steps) + t) * hidden) + u] = h[at];

                    double Lstm(ReadOnlySpan<double> i, double[] p, int unit)
                    {
                        double Gate(ReadOnlySpan<double> v, int g) =>
                            Side(wIh, bIh, v, (g * hidden) + unit) + Side(wHh, bHh, p, (g * hidden) + unit);
                        var cell = (Sigmoid(Gate(i, 1)) * c[at]) + (Sigmoid(Gate(i, 0)) * Math.Tanh(Gate(i, 2)));
                        var keepCell = KeepCell?[kept] ?? 0;
                        c[at] = (keepCell * c[at]) + ((1 - keepCell) * cell);
                        return Sigmoid(Gate(i, 3)) * Math.Tanh(cell);
                    }

                    double Gru(ReadOnlySpan<double> i, double[] p, int unit)
                    {
                        var r = Sigmoid(Side(wIh, bIh, i, unit) + Side(wHh, bHh, p, unit));
                        var z = Sigmoid(Side(wIh, bIh, i, hidden + unit) + Side(wHh, bHh, p, hidden + unit));
                        var n = Math.Tanh(Side(wIh, bIh, i, (2 * hidden) + unit) + (r * Side(wHh, bHh, p, (2 * hidden) + unit)));
                        return ((1 - z) * n) + (z * p[unit]);
                    }
                }
            }
        }

        return (y, h, c);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Side(double[] weights, double[] bias, ReadOnlySpan<double> vector, int row)
    {
        var sum = bias[row];
        for (var k = 0; k < vector.Length; k++)
            sum += weights[(row * vector.Length) + k] * vector[k];
        return sum;
    }
}
