namespace SeqCore.Functions;

/// <summary>Takes a part of x: the elements of the view that the function makes; the other elements get no gradient.</summary>
internal sealed class SliceFunction(Variable x, Func<Tensor, Tensor> slice) : Function(x)
{
    protected override Tensor Forward() => slice(x.Value);

    protected override void Backward(Tensor dY) => AddGradient(x, dY, slice);
}
