namespace SeqCore.Functions;

/// <summary>Computes z = x / y with broadcasting; dX = dZ / y and dY = -dX z.</summary>
internal sealed class DivideFunction(Variable x, Variable y) : Function(x, y)
{
    private Tensor? z;

    protected override Tensor Forward() => z = x.Value / y.Value;

    protected override void Backward(Tensor dZ)
    {
        var dX = dZ / y.Value;
        if (NeedsGradient(y))
        {
            var dY = dX * z!;
            dY.MultiplyInPlace(-1f);
            AddGradient(y, dY);
        }

        AddGradient(x, dX);
    }
}
