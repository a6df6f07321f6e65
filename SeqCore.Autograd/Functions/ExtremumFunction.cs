namespace SeqCore.Functions;

/// <summary>Computes the largest or the smallest element along some axes; equal extrema share the gradient evenly.</summary>
internal sealed class ExtremumFunction(Variable x, int[] axes, bool keepDimensions, bool greatest) : Function(x)
{
    private Tensor? y;

    public override string Name => greatest ? "Max" : "Min";

    protected override Tensor Forward() => y = greatest ? x.Value.Max(axes, keepDimensions) : x.Value.Min(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var extremum = Axes.Kept(y!, x.Shape, axes);
        using var kept = Axes.Kept(dY, x.Shape, axes);
        using var isExtremum = x.Value.EqualTo(extremum);
        using var count = isExtremum.Count(axes, keepDimensions: true);
        using var share = kept / count;
        using var zero = Tensor.Zeros(Shape.Scalar, share.Backend);
        AddGradient(x, Tensor.Where(isExtremum, share, zero));
    }
}
