namespace SeqCore.Functions;

/// <summary>
/// Takes the parts of one axis that the indices name. Shapes: x (a..., n, b...), indices (...), y (a..., indices..., b...).
/// </summary>
internal sealed class GatherFunction(Variable x, IndexTensor indices, int axis) : Function(x)
{
    protected override Tensor Forward() => x.Value.Gather(indices, axis);

    /// <summary>Adds each part of dY to the part of dX that it came from.</summary>
    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dX.ScatterAddInPlace(indices, dY, axis);
        AddGradient(x, dX);
    }
}
