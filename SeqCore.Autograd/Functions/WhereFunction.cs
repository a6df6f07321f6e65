namespace SeqCore.Functions;

/// <summary>Computes y = x where the mask is true, else z; all are broadcast.</summary>
internal sealed class WhereFunction(BoolTensor mask, Variable x, Variable z) : Function(x, z)
{
    protected override Tensor Forward() => Tensor.Where(mask, x.Value, z.Value);

    protected override void Backward(Tensor dY)
    {
        using var zero = Tensor.Zeros(Shape.Scalar, dY.Backend);
        if (NeedsGradient(x))
            AddGradient(x, Tensor.Where(mask, dY, zero));
        if (NeedsGradient(z))
            AddGradient(z, Tensor.Where(mask, zero, dY));
    }
}
