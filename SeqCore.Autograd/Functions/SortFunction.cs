namespace SeqCore.Functions;

/// <summary>Sorts x along an axis.</summary>
internal sealed class SortFunction(Variable x, int axis, bool descending) : Function(x)
{
    /// <summary>The indices of the elements along the axis, once the function has been applied; the caller owns them.</summary>
    internal IndexTensor? Indices { get; private set; }

    protected override Tensor Forward()
    {
        (var y, Indices) = x.Value.Sort(axis, descending);
        return y;
    }

    /// <summary>Returns each gradient to the position of its element; every position gets one.</summary>
    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dX.ScatterAlongInPlace(Indices!, dY, axis);
        AddGradient(x, dX);
    }
}
