namespace SeqCore.Functions;

/// <summary>Computes y = x where the mask is true, else z; all are broadcast.</summary>
internal sealed class WhereFunction(BoolTensor mask, Variable x, Variable z) : Function(x, z)
{
    protected override Tensor Forward() => Tensor.Where(mask, x.Value, z.Value);

    protected override void Backward(Tensor dY)
    {
        using var zero = Tensor.Zeros(Shape.Scalar, dY.Backend);
        if (Wants(x))
            Give(x, Tensor.Where(mask, dY, zero));
        if (Wants(z))
            Give(z, Tensor.Where(mask, zero, dY));
    }
}
