namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>y_c = e^(x_c) / sum_k e^(x_k) of one row, shape (columns).</summary>
    internal static double[] Softmax(ReadOnlySpan<double> x)
    {
        var y = LogSoftmax(x);
        for (var c = 0; c < y.Length; c++)
            y[c] = Math.Exp(y[c]);
        return y;
    }

    /// <summary>dX_c = y_c (dY_c - sum_k dY_k y_k), where y is the result of <see cref="Softmax"/>.</summary>
    internal static double[] SoftmaxGradient(ReadOnlySpan<double> y, ReadOnlySpan<double> dY)
    {
        var dX = new double[y.Length];
        var dot = Dot(y, dY);
        for (var c = 0; c < dX.Length; c++)
            dX[c] = y[c] * (dY[c] - dot);
        return dX;
    }

    /// <summary>y_c = x_c - log sum_k e^(x_k) of one row, shape (columns).</summary>
    internal static double[] LogSoftmax(ReadOnlySpan<double> x)
    {
        var y = new double[x.Length];
        var logSumExp = LogSumExp(x);
        for (var c = 0; c < y.Length; c++)
            y[c] = x[c] - logSumExp;
        return y;
    }

    /// <summary>dX_c = dY_c - e^(y_c) sum_k dY_k, where y is the result of <see cref="LogSoftmax"/>.</summary>
    internal static double[] LogSoftmaxGradient(ReadOnlySpan<double> y, ReadOnlySpan<double> dY)
    {
        var dX = new double[y.Length];
        var sum = Reduce(ReductionKind.Sum, dY);
        for (var c = 0; c < dX.Length; c++)
            dX[c] = dY[c] - (Math.Exp(y[c]) * sum);
        return dX;
    }
}
