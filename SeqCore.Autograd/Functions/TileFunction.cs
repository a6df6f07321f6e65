namespace SeqCore.Functions;

/// <summary>Repeats x along each axis; the gradients of the copies are added.</summary>
internal sealed class TileFunction(Variable x, int[] counts) : Function(x)
{
    protected override Tensor Forward() => x.Value.Tile(counts);

    protected override void Backward(Tensor dY)
    {
        // Axes and counts from the last on; a missing count is 1, a missing axis has size 1.
        var rank = dY.Rank;
        int Size(int axis) => axis < x.Shape.Rank ? x.Shape[-1 - axis] : 1;
        var sum = dY.Reshape(dY.Shape);
        for (int axis = 0, inner = 1; axis < rank; inner *= Size(axis++))
        {
            var count = axis < counts.Length ? counts[^(axis + 1)] : 1;
            if (count == 1)
                continue;
            using var before = sum;
            var outer = 1;
            for (var i = axis + 1; i < rank; i++)
                outer *= dY.Shape[-1 - i];
            using var copies = before.Reshape(outer, count, Size(axis) * inner);
            sum = copies.Sum(1);
        }

        using var all = sum;
        AddGradient(x, all.Reshape(x.Shape));
    }
}
