namespace SeqCore.Functions;

/// <summary>
/// Computes the product along some axes. dX = dY times the product of the other elements: of those before, times those after, so
/// that zeros do no harm.
/// </summary>
internal sealed class ProductFunction(Variable x, int[] axes, bool keepDimensions) : Function(x)
{
    protected override Tensor Forward() => x.Value.Product(axes, keepDimensions);

    protected override void Backward(Tensor dY)
    {
        var reduced = Array.ConvertAll(axes, x.Shape.Axis);
        int[] order = [.. Axes.All(x.Shape).Except(reduced), .. reduced], inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        var elements = 1;
        foreach (var axis in reduced)
            elements *= x.Shape[axis];
        using var moved = x.Value.Permute(order);
        using var rows = moved.Reshape(dY.ElementCount, elements);
        using var others = rows.CumulativeProduct(1, exclusive: true);
        using var after = rows.CumulativeProduct(1, reverse: true, exclusive: true);
        using var gradient = dY.Reshape(dY.ElementCount, 1);
        others.MultiplyInPlace(after);
        others.MultiplyInPlace(gradient);
        using var turned = others.Reshape(moved.Shape);
        AddGradient(x, turned.Permute(inverse));
    }
}
