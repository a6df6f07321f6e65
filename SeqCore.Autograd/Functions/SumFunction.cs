namespace SeqCore.Functions;

/// <summary>Computes the sum along some axes.</summary>
internal sealed class SumFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    protected override Tensor Forward() => x.Value.Sum(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var kept = Axes.Kept(dY, x.Shape, axes);
        AddGradient(x, kept.BroadcastTo(x.Shape));
    }
}
