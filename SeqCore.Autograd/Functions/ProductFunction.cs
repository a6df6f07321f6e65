namespace SeqCore.Functions;

/// <summary>
/// Computes the product along some axes. dX = dY times the product of the other elements, without dividing, so that zeros do no
/// harm: the product is the last of the cumulative ones, and the only one that has a gradient.
/// </summary>
internal sealed class ProductFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    protected override Tensor Forward() => x.Value.Product(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        if (x.Value.ElementCount == 0)
        {
            AddGradient(x, Tensor.Zeros(x.Shape, dY.Backend));
            return;
        }

        var reduced = Array.ConvertAll(axes, x.Shape.Axis);
        int[] order = [.. Axes.All(x.Shape).Except(reduced), .. reduced], inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        var elements = 1;
        foreach (var axis in reduced)
            elements *= x.Shape[axis];
        using var moved = x.Value.Permute(order);
        using var rows = moved.Reshape(dY.ElementCount, elements).Contiguous();
        using var last = dY.Reshape(dY.ElementCount, 1).Pad(1, elements - 1, 0);
        using var gradient = Tensor.Uninitialized(rows.Shape, dY.Backend);
        dY.Backend.CumulativeProductGradient(rows.Span, last.Span, gradient.Span, dY.ElementCount, elements);
        using var turned = gradient.Reshape(moved.Shape);
        AddGradient(x, turned.Permute(inverse));
    }
}
