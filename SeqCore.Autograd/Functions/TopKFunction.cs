namespace SeqCore.Functions;

/// <summary>The k greatest elements along the last axis, in falling order. Shapes: x (..., n), y (..., k).</summary>
internal sealed class TopKFunction(Variable x, int k) : Function(x)
{
    /// <summary>Where they are along the axis, once applied; the caller's.</summary>
    internal IndexTensor? Indices { get; private set; }

    protected override Tensor Forward()
    {
        (var y, Indices) = x.Value.TopK(k);
        return y;
    }

    /// <summary>Each gradient goes back to where its element came from: a table of single numbers takes them.</summary>
    protected override void Backward(Tensor dY)
    {
        int columns = x.Shape[-1];
        var places = Indices!.ToArray();
        for (var i = 0; i < places.Length; i++)
            places[i] += i / k * columns;
        using var flat = IndexTensor.FromSpan(places, [places.Length], dY.Backend);
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dY.Backend.ScatterAdd(dY.Span, flat.Span, dX.Span, x.Shape.ElementCount, 1);
        Give(x, dX);
    }
}
