namespace SeqCore.Functions;

/// <summary>Computes y = sum (x - mean)^2 / (n - correction) along some axes; dX = 2 dY (x - mean) / (n - correction).</summary>
internal sealed class VarianceFunction(Variable x, int[] axes, bool keepDimensions, int correction) : Function(x)
{
    protected override Tensor Forward() => x.Value.Variance(axes, keepDimensions, correction);

    protected override void Backward(Tensor dY)
    {
        var count = x.Value.ElementCount / Math.Max(1, dY.ElementCount);
        using var factor = dY * (2f / (count - correction));
        using var kept = Axes.Kept(factor, x.Shape, axes);
        using var mean = x.Value.Mean(axes, keepDimensions: true);
        var dX = x.Value - mean;
        dX.MultiplyInPlace(kept);
        AddGradient(x, dX);
    }
}
