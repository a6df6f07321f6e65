namespace SeqCore.Functions;

/// <summary>Concatenates the inputs along an axis.</summary>
internal sealed class ConcatFunction(Variable[] inputs, int axis) : Function(inputs)
{
    private readonly Variable[] parts = inputs;

    protected override Tensor Forward() => Tensor.Concat(Array.ConvertAll(parts, p => p.Value), axis);

    protected override void Backward(Tensor dY)
    {
        var start = 0;
        foreach (var part in parts)
        {
            var length = part.Shape[axis];
            if (NeedsGradient(part))
                AddGradient(part, dY.Slice(axis, start, length));
            start += length;
        }
    }
}
