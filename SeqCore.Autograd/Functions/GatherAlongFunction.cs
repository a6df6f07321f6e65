namespace SeqCore.Functions;

/// <summary>Takes an element for each index: y_(.., j, ..) = x_(.., indices_(.., j, ..), ..).</summary>
internal sealed class GatherAlongFunction(Variable x, IndexTensor indices, int axis) : Function(x)
{
    protected override Tensor Forward() => x.Value.GatherAlong(indices, axis);

    /// <summary>Adds each element of dY to the element of dX that it came from.</summary>
    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dX.ScatterAddAlongInPlace(indices, dY, axis);
        AddGradient(x, dX);
    }
}
