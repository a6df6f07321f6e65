namespace SeqCore.Functions;

/// <summary>Computes z = x / y with broadcasting; dX = dZ / y and dY = -dZ (z / y).</summary>
internal sealed class DivideFunction(Variable x, Variable y) : Function(x, y)
{
    private Tensor? z;

    protected override Tensor Forward() => z = x.Value / y.Value;

    protected override void Backward(Tensor dZ)
    {
        if (NeedsGradient(y))
        {
            // dZ / y may be infinite where z is 0, and their product NaN.
            var dY = z! / y.Value;
            dY.MultiplyInPlace(dZ);
            dY.MultiplyInPlace(-1f);
            AddGradient(y, dY);
        }

        if (NeedsGradient(x))
            AddGradient(x, dZ / y.Value);
    }
}
