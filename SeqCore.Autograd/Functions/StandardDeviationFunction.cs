namespace SeqCore.Functions;

/// <summary>
/// Computes y = sqrt(sum (x - mean)^2 / (n - correction)) along some axes; dX = dY (x - mean) / ((n - correction) y), and 0 where
/// all elements are equal.
/// </summary>
internal sealed class StandardDeviationFunction(Variable x, int[] axes, bool keepDimensions, int correction) : Function(x)
{
    private Tensor? y;

    protected override Tensor Forward() => y = x.Value.StandardDeviation(axes, keepDimensions, correction);

    protected override void Backward(Tensor dY)
    {
        // The mean of equal elements may be rounded, so that y is slightly above 0.
        using var greatest = x.Value.Max(axes, keepDimensions);
        using var least = x.Value.Min(axes, keepDimensions);
        using var isConstant = greatest.EqualTo(least);
        using var divisor = y!.MaskedFill(isConstant, 1f);
        using var quotient = dY / divisor;
        using var factor = quotient.MaskedFill(isConstant, 0f);
        var count = x.Value.ElementCount / Math.Max(1, dY.ElementCount);
        factor.MultiplyInPlace(1f / (count - correction));
        using var kept = Axes.Kept(factor, x.Shape, axes);
        using var mean = x.Value.Mean(axes, keepDimensions: true);
        var dX = x.Value - mean;
        dX.MultiplyInPlace(kept);
        AddGradient(x, dX);
    }
}
