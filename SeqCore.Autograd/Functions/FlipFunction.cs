namespace SeqCore.Functions;

/// <summary>Reverses the order of the elements along some axes, and so of their gradients.</summary>
internal sealed class FlipFunction(Variable x, int[] axes) : Function(x)
{
    protected override Tensor Forward() => x.Value.Flip(axes);

    protected override void Backward(Tensor dY) => AddGradient(x, dY.Flip(axes));
}
