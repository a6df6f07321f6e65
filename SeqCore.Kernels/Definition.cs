namespace SeqCore.Kernels;

/// <summary>
/// The plain definition of each structured kernel: the slow, obvious version in double, with one loop for each index. It is in
/// Name.Definition.cs of the operation's folder, and tests compare the fast kernels with it.
/// </summary>
internal static partial class Definition
{
    /// <summary>1 / (1 + e^-x)</summary>
    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>sum_i x_i y_i, over vectors of the same length.</summary>
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>a > b, where NaN is greater than every number.</summary>
    private static bool IsGreater(double a, double b) => a > b || (double.IsNaN(a) && !double.IsNaN(b));
}
