namespace SeqCore.Functions;

/// <summary>z = x - y, broadcast.</summary>
internal sealed class SubtractFunction(Variable x, Variable y) : Function(x, y)
{
    protected override Tensor Forward() => x.Value - y.Value;

    protected override void Backward(Tensor dZ)
    {
        AddGradient(x, dZ);
        if (NeedsGradient(y))
            AddGradient(y, -dZ);
    }
}
