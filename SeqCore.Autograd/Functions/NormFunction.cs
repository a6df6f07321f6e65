namespace SeqCore.Functions;

/// <summary>Computes y = sqrt(sum x^2) along some axes; dX = dY x / y, and 0 where y = 0.</summary>
internal sealed class NormFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    private Tensor? y;

    protected override Tensor Forward() => y = x.Value.Norm(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var isZero = y!.EqualTo(0f);
        using var safe = y.MaskedFill(isZero, 1f);
        using var factor = dY / safe;
        using var kept = Axes.Kept(factor, x.Shape, axes);
        AddGradient(x, x.Value * kept);
    }
}
