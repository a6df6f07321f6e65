namespace SeqCore.Functions;

/// <summary>Repeats each element along an axis; the gradients of its copies are added.</summary>
internal sealed class RepeatFunction(Variable x, int count, int axis) : Function(x)
{
    protected override Tensor Forward() => x.Value.Repeat(count, axis);

    protected override void Backward(Tensor dY)
    {
        int outer = 1, inner = 1, at = x.Shape.Axis(axis);
        for (var i = 0; i < x.Shape.Rank; i++)
        {
            if (i <= at)
                outer *= x.Shape[i];
            else
                inner *= x.Shape[i];
        }

        using var copies = dY.Reshape(outer, count, inner);
        using var sum = copies.Sum(1);
        AddGradient(x, sum.Reshape(x.Shape));
    }
}
