namespace SeqCore.Functions;

/// <summary>Stacks the inputs along a new axis.</summary>
internal sealed class StackFunction(Variable[] inputs, int axis) : Function(inputs)
{
    private readonly Variable[] parts = inputs;

    protected override Tensor Forward() => Tensor.Stack(Array.ConvertAll(parts, p => p.Value), axis);

    protected override void Backward(Tensor dY)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (NeedsGradient(parts[i]))
                AddGradient(parts[i], dY.Select(axis, i));
        }
    }
}
