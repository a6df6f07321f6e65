using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>y = log sum e^x along some axes; dX = dY e^(x - y).</summary>
internal sealed class LogSumExpFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    private Tensor? y;

    protected override Tensor Forward() => y = x.Value.LogSumExp(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        using var total = Axes.Kept(y!, x.Shape, axes);
        using var kept = Axes.Kept(dY, x.Shape, axes);
        using var difference = x.Value - total;
        var dX = difference.Exp();
        dX.MultiplyInPlace(kept);
        Give(x, dX);
    }
}
