namespace SeqCore.Functions;

/// <summary>Reorders the axes: axis i of the result is axis order_i of x.</summary>
internal sealed class PermuteFunction(Variable x, int[] order) : Function(x)
{
    protected override Tensor Forward() => x.Value.Permute(order);

    protected override void Backward(Tensor dY)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[x.Shape.Axis(order[i])] = i;
        AddGradient(x, dY.Permute(inverse));
    }
}
