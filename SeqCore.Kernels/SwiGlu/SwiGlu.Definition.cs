namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// y_c = silu(a_c) b_c of one row, where x holds a and then b: x (2 columns), y (columns), with silu(a) = a s(a).
    /// </summary>
    internal static double[] SwiGlu(ReadOnlySpan<double> x)
    {
        var y = new double[x.Length / 2];
        for (var c = 0; c < y.Length; c++)
            y[c] = x[c] * Sigmoid(x[c]) * x[y.Length + c];
        return y;
    }

    /// <summary>
    /// dA = dY b silu'(a) and dB = dY silu(a), side by side as a and b are: dY (columns), dX (2 columns), with
    /// silu'(a) = s(a) (1 + a (1 - s(a))).
    /// </summary>
    internal static double[] SwiGluGradient(ReadOnlySpan<double> x, ReadOnlySpan<double> dY)
    {
        var dX = new double[x.Length];
        for (var c = 0; c < dY.Length; c++)
        {
            double a = x[c], b = x[dY.Length + c], s = Sigmoid(a);
            dX[c] = dY[c] * b * s * (1 + (a * (1 - s)));
            dX[dY.Length + c] = dY[c] * a * s;
        }

        return dX;
    }
}
