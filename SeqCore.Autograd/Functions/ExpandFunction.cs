namespace SeqCore.Functions;

/// <summary>
/// Repeats x along its axes of size 1 and along new leading axes; <see cref="Function.AddGradient"/> adds the gradients of the
/// copies.
/// </summary>
internal sealed class ExpandFunction(Variable x, Func<Tensor, Tensor> expand) : Function(x)
{
    protected override Tensor Forward() => expand(x.Value);

    protected override void Backward(Tensor dY) => AddGradient(x, dY);
}
