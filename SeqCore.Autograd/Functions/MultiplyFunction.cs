namespace SeqCore.Functions;

/// <summary>Computes z = x y element by element, with broadcasting.</summary>
internal sealed class MultiplyFunction(Variable x, Variable y) : Function(x, y)
{
    protected override Tensor Forward() => x.Value * y.Value;

    protected override void Backward(Tensor dZ)
    {
        if (Wants(x))
            Give(x, dZ * y.Value);
        if (Wants(y))
            Give(y, dZ * x.Value);
    }
}
