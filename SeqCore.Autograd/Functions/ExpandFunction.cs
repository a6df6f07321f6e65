namespace SeqCore.Functions;

/// <summary>
/// x repeated along its axes of size 1, and along new axes in front; the gradients of the copies add up in Give.
/// </summary>
internal sealed class ExpandFunction(Variable x, Func<Tensor, Tensor> expand) : Function(x)
{
    protected override Tensor Forward() => expand(x.Value);

    protected override void Backward(Tensor dY) => Give(x, dY);
}
