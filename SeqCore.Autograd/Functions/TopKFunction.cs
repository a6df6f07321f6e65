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

    /// <summary>Returns each gradient to the position of its element, as rows of one element in a table.</summary>
    protected override void Backward(Tensor dY)
    {
        int columns = x.Shape[-1];
        var places = Indices!.ToArray();
        for (var i = 0; i < places.Length; i++)
            places[i] += i / k * columns;
        using var flat = IndexTensor.FromSpan(places, [places.Length], dY.Backend);
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dY.Backend.ScatterAdd(dY.Span, flat.Span, dX.Span, x.Shape.ElementCount, 1);
        AddGradient(x, dX);
    }
}
