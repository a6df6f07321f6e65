namespace SeqCore.Functions;

/// <summary>Computes y = value where the mask is true, else x; both are broadcast.</summary>
internal sealed class MaskedFillFunction(BoolTensor mask, float value, Variable x) : Function(x)
{
    private protected override bool HidesElements => float.IsNegativeInfinity(value);

    protected override Tensor Forward() => x.Value.MaskedFill(mask, value);

    protected override void Backward(Tensor dY) => AddGradient(x, dY.MaskedFill(mask, 0f));
}
