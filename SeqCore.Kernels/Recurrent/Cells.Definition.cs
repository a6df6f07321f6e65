namespace SeqCore.Kernels;

/// <remarks>
/// The equations of the cells, unit by unit: s is the activation of the gates, t that of the candidate and of the cell state (in
/// PyTorch the sigmoid and the tanh). The gradients are in the summaries of the cells.
/// </remarks>
internal static partial class Definition
{
    /// <summary>h' = t(a), with a = W_ih x + b_ih + W_hh h + b_hh.</summary>
    internal static Cell RnnCell(Func<double, double> t) => (inputs, recurrent, h, c) =>
    {
        var a = recurrent(0, h);
        return (Each(h, u => t(inputs[0][u] + a[u])), c);
    };

    /// <summary>Gates i, f, g, o: c' = s(f) c + s(i) t(g) and h' = s(o) t(c').</summary>
    internal static Cell LstmCell(Func<double, double> s, Func<double, double> t) => (inputs, recurrent, h, c) =>
    {
        double[] i = recurrent(0, h), f = recurrent(1, h), g = recurrent(2, h), o = recurrent(3, h);
        var nextC = Each(c, u => (s(inputs[1][u] + f[u]) * c[u]) + (s(inputs[0][u] + i[u]) * t(inputs[2][u] + g[u])));
        return (Each(h, u => s(inputs[3][u] + o[u]) * t(nextC[u])), nextC);
    };

    /// <summary>An LSTM of gates f, g, o, whose input gate is 1 - f: c' = f c + (1 - f) t(g).</summary>
    internal static Cell CoupledLstmCell(Func<double, double> s, Func<double, double> t) => (inputs, recurrent, h, c) =>
    {
        double[] f = recurrent(0, h), g = recurrent(1, h), o = recurrent(2, h);
        var kept = Each(c, u => s(inputs[0][u] + f[u]));
        var nextC = Each(c, u => (kept[u] * c[u]) + ((1 - kept[u]) * t(inputs[1][u] + g[u])));
        return (Each(h, u => s(inputs[2][u] + o[u]) * t(nextC[u])), nextC);
    };

    /// <summary>
    /// Gates r, z, n, where the reset gate multiplies the candidate's recurrent side: n = t(W_in x + b_in + r (W_hn h + b_hn))
    /// and h' = (1 - z) n + z h.
    /// </summary>
    internal static Cell GruCell(Func<double, double> s, Func<double, double> t) => (inputs, recurrent, h, c) =>
    {
        double[] r = recurrent(0, h), z = recurrent(1, h), q = recurrent(2, h);
        var candidate = Each(h, u => t(inputs[2][u] + (s(inputs[0][u] + r[u]) * q[u])));
        return (Each(h, u => Mix(s(inputs[1][u] + z[u]), h[u], candidate[u])), c);
    };

    /// <summary>A GRU whose reset gate multiplies h before the product: n = t(W_in x + b_in + W_hn (r h) + b_hn).</summary>
    internal static Cell ResetFirstGruCell(Func<double, double> s, Func<double, double> t) => (inputs, recurrent, h, c) =>
    {
        double[] r = recurrent(0, h), z = recurrent(1, h);
        var q = recurrent(2, Each(h, u => s(inputs[0][u] + r[u]) * h[u]));
        var candidate = Each(h, u => t(inputs[2][u] + q[u]));
        return (Each(h, u => Mix(s(inputs[1][u] + z[u]), h[u], candidate[u])), c);
    };

    /// <summary>max(0, min(1, x / 6 + 1/2)), with the float that is nearest to 1/6.</summary>
    internal static double HardSigmoid(double x) => Math.Clamp((x * (1f / 6f)) + 0.5, 0, 1);

    private static double Mix(double kept, double old, double candidate) => (kept * old) + ((1 - kept) * candidate);

    private static double[] Each(double[] units, Func<int, double> value)
    {
        var values = new double[units.Length];
        for (var u = 0; u < values.Length; u++)
            values[u] = value(u);
        return values;
    }
}
