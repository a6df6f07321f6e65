namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>y_v = log(p softmax(x)_v + (1 - p) c_v) of one row; see <see cref="Backend.CopyMixture"/>.</summary>
    /// <param name="x">Shape (V): the logits.</param>
    /// <param name="weights">Shape (S): a, of the positions within the length.</param>
    /// <param name="tokens">Shape (S): the token at each position.</param>
    /// <param name="gate">g, where p = sigmoid(g); 1 if there are no positions.</param>
    internal static double[] CopyMixture(ReadOnlySpan<double> x, ReadOnlySpan<double> weights, ReadOnlySpan<int> tokens,
        double gate)
    {
        var y = LogSoftmax(x);
        if (tokens.IsEmpty)
            return y;
        var copied = new double[x.Length];
        for (var i = 0; i < tokens.Length; i++)
            copied[tokens[i]] += weights[i];
        double generates = LogSigmoid(gate), copies = LogSigmoid(-gate);
        for (var v = 0; v < y.Length; v++)
            y[v] = LogSumExp([generates + y[v], copies + Math.Log(copied[v])]);
        return y;
    }

    /// <summary>The gradients of the row's y, given that of y.</summary>
    internal static (double[] DX, double[] DWeights, double DGate) CopyMixtureGradient(ReadOnlySpan<double> x,
        ReadOnlySpan<double> weights, ReadOnlySpan<int> tokens, double gate, ReadOnlySpan<double> dY)
    {
        double[] y = CopyMixture(x, weights, tokens, gate), logP = LogSoftmax(x), dX = new double[x.Length],
            dWeights = new double[tokens.Length];
        double p = tokens.IsEmpty ? 1 : Math.Exp(LogSigmoid(gate)), total = 0, dGate = 0;
        for (var v = 0; v < x.Length; v++)
        {
            // The part of the token's probability that is generated.
            var part = double.IsNegativeInfinity(logP[v]) ? 0 : p * Math.Exp(logP[v] - y[v]);
            dX[v] = dY[v] * part;
            total += dX[v];
            dGate += dY[v] * (part - p);
        }

        for (var v = 0; v < x.Length; v++)
            dX[v] -= Math.Exp(logP[v]) * total;
        for (var i = 0; i < tokens.Length; i++)
            dWeights[i] = dY[tokens[i]] * Math.Exp(LogSigmoid(-gate) - y[tokens[i]]);
        return (dX, dWeights, dGate);
    }

    private static double LogSigmoid(double x) => Math.Min(x, 0) - Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
