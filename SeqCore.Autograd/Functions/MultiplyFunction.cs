namespace SeqCore.Functions;

/// <summary>Computes z = x y element by element, with broadcasting.</summary>
internal sealed class MultiplyFunction(Variable x, Variable y) : Function(x, y)
{
    protected override Tensor Forward() => x.Value * y.Value;

    protected override void Backward(Tensor dZ)
    {
        if (NeedsGradient(x))
            AddGradient(x, dZ * y.Value);
        if (NeedsGradient(y))
            AddGradient(y, dZ * x.Value);
    }
}
