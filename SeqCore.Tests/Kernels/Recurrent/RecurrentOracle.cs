namespace SeqCore.Tests.Kernels;

/// <summary>
/// A recurrent layer step by step in double, over the cell's own equations: the plain definition that the kernels are compared
/// with. <see cref="CellEquationTests"/> compares those equations with the textbook's.
/// </summary>
internal sealed class RecurrentOracle(CellKind kind, int batch, int steps, int inputs, int hidden)
{
    private TestCell Cell { get; } = TestCell.Of(kind);

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
                var input = Row(x, b, t);
                var state = h.AsSpan(b * hidden, hidden).ToArray();
                var last = !Cell.ResetsFirst ? state : [.. Enumerable.Range(0, hidden).Select(u =>
                    Cell.Reset(Sides(wIh, bIh, Row(x, b, t), u), Sides(wHh, bHh, state, u), state[u]))];
                for (var u = 0; u < hidden; u++)
                {
                    var at = (b * hidden) + u;
                    var kept = (((t * batch) + b) * hidden) + u;
                    var recurrent = Sides(wHh, bHh, state, u);
                    recurrent[^1] = Sides(wHh, bHh, last, u)[^1];
                    var (next, cell) = Cell.Step(Sides(wIh, bIh, input, u), recurrent, state[u], c[at]);
                    var (keep, keepCell) = (KeepHidden?[kept] ?? 0, KeepCell?[kept] ?? 0);
                    h[at] = (keep * state[u]) + ((1 - keep) * next);
                    c[at] = (keepCell * c[at]) + ((1 - keepCell) * cell);
                    y[(((b * steps) + t) * hidden) + u] = h[at];
                }
            }
        }

        return (y, h, c);
    }

    private double[] Row(double[] x, int b, int t) => x.AsSpan(((b * steps) + t) * inputs, inputs).ToArray();

    // A unit's part of each gate's sum.
    private double[] Sides(double[] weights, double[] bias, double[] vector, int u)
    {
        var sums = new double[Cell.Gates];
        for (var gate = 0; gate < sums.Length; gate++)
        {
            var row = (gate * hidden) + u;
            sums[gate] = bias[row];
            for (var k = 0; k < vector.Length; k++)
                sums[gate] += weights[(row * vector.Length) + k] * vector[k];
        }

        return sums;
    }
}
