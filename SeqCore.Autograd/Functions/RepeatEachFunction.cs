namespace SeqCore.Functions;

/// <summary>Repeats each element along an axis by a number of its own.</summary>
internal sealed class RepeatEachFunction(Variable x, int[] counts, int axis) : Function(x)
{
    protected override Tensor Forward() => x.Value.Repeat(counts, axis);

    /// <summary>Adds the gradients of the copies of each element, which are neighbours; one without copies has 0.</summary>
    protected override void Backward(Tensor dY)
    {
        int[] places = [.. counts.SelectMany((count, i) => Enumerable.Repeat(i, count))];
        using var indices = IndexTensor.FromArray(places, dY.Backend);
        var dX = Tensor.Zeros(x.Shape, dY.Backend);
        dX.ScatterAddInPlace(indices, dY, axis);
        AddGradient(x, dX);
    }
}
