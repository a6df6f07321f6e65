namespace SeqCore.Functions;

/// <summary>A part of x: whatever view of its elements the function makes; the others get no gradient.</summary>
internal sealed class SliceFunction(Variable x, Func<Tensor, Tensor> slice) : Function(x)
{
    protected override Tensor Forward() => slice(x.Value);

    protected override void Backward(Tensor dY) => Give(x, dY, slice);
}
