namespace SeqCore.Functions;

/// <summary>z = x + y, broadcast.</summary>
internal sealed class AddFunction(Variable x, Variable y) : Function(x, y)
{
    protected override Tensor Forward() => x.Value + y.Value;

    protected override void Backward(Tensor dZ)
    {
        AddGradient(x, dZ);
        AddGradient(y, dZ);
    }
}
