namespace SeqCore.Functions;

/// <summary>Computes the mean along some axes.</summary>
internal sealed class MeanFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    protected override Tensor Forward() => x.Value.Mean(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var share = dY * ((float)dY.ElementCount / x.Value.ElementCount);
        using var kept = Axes.Kept(share, x.Shape, axes);
        AddGradient(x, kept.BroadcastTo(x.Shape));
    }
}
