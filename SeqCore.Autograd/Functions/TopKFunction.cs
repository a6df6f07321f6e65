namespace SeqCore.Functions;

/// <summary>Takes the k largest elements along the last axis, in descending order. Shapes: x (..., n), y (..., k).</summary>
internal sealed class TopKFunction(Variable x, int k) : Function(x)
{
    /// <summary>The indices of the elements along the axis, once the function has been applied; the caller owns them.</summary>
    internal IndexTensor? Indices { get; private set; }

    protected override Tensor Forward()
    {
        (var y, Indices) = x.Value.TopK(k);
        return y;
    }

    /// <summary>Returns each gradient to the position of its element.</summary>
    protected override void Backward(Tensor dY)
    {
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dX.ScatterAlongInPlace(Indices!, dY, -1);
        AddGradient(x, dX);
    }
}
