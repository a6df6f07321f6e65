namespace SeqCore.Functions;

/// <summary>Splits x along an axis into parts, which are views of it.</summary>
internal sealed class SplitFunction(Variable x, Func<Tensor, Tensor[]> split, int axis) : MultiFunction(x)
{
    private int[] sizes = [];

    protected override Tensor[] ForwardMany()
    {
        var parts = split(x.Value);
        sizes = Array.ConvertAll(parts, p => p.Shape[axis]);
        return parts;
    }

    protected override void BackwardMany(Tensor?[] dY)
    {
        var dX = Tensor.Uninitialized(x.Shape, x.Value.Backend);
        var start = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            using var part = dX.Slice(axis, start, sizes[i]);
            if (dY[i] is { } gradient)
                part.CopyFrom(gradient);
            else
                part.FillInPlace(0f);
            start += sizes[i];
        }

        AddGradient(x, dX);
    }
}
