namespace SeqCore.Functions;

/// <summary>Puts a constant before and after the elements of each axis; their gradients are those of the same places.</summary>
internal sealed class PadFunction(Variable x, (int Before, int After)[] padding, float value) : Function(x)
{
    private protected override bool HidesElements => float.IsNegativeInfinity(value);

    protected override Tensor Forward() => x.Value.Pad(padding, value);

    protected override void Backward(Tensor dY)
    {
        var ranges = new TensorIndex[padding.Length];
        for (var i = 0; i < ranges.Length; i++)
            ranges[i] = padding[i].Before..(padding[i].Before + x.Shape[i]);
        AddGradient(x, dY[ranges]);
    }
}
