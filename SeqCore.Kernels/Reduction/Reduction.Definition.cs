namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>Reduces the elements x to one number.</summary>
    internal static double Reduce(ReductionKind kind, ReadOnlySpan<double> x)
    {
        double sum = 0, squares = 0, product = 1, max = double.NegativeInfinity, min = double.PositiveInfinity;
        foreach (var value in x)
        {
            sum += value;
            squares += value * value;
            product *= value;
            max = Math.Max(max, value);
            min = Math.Min(min, value);
        }

        return kind switch
        {
            ReductionKind.Sum => sum,
            ReductionKind.Mean => sum / x.Length,
            ReductionKind.Max => max,
            ReductionKind.Min => min,
            ReductionKind.LogSumExp => LogSumExp(x),
            ReductionKind.SumOfSquares => squares,
            ReductionKind.Product => product,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Returns the index of the largest x: the first or last of equal elements, and NaN counts as the largest.</summary>
    internal static int ArgMax(ReadOnlySpan<double> x, bool last = false)
    {
        var best = 0;
        for (var i = 1; i < x.Length; i++)
        {
            if (last ? !IsGreater(x[best], x[i]) : IsGreater(x[i], x[best]))
                best = i;
        }

        return best;
    }

    /// <summary>log sum_i e^(x_i) = m + log sum_i e^(x_i - m): subtracting the maximum m keeps the powers finite.</summary>
    private static double LogSumExp(ReadOnlySpan<double> x)
    {
        var max = Reduce(ReductionKind.Max, x);
        if (double.IsInfinity(max))
            return max;
        var sum = 0.0;
        foreach (var value in x)
            sum += Math.Exp(value - max);
        return max + Math.Log(sum);
    }
}
