namespace SeqCore.Functions;

/// <summary>What the reductions share: the axes that they reduce, and results seen with those axes kept.</summary>
internal static class Axes
{
    /// <summary>Every axis of a shape.</summary>
    internal static int[] All(Shape shape) => [.. Enumerable.Range(0, shape.Rank)];

    /// <summary>A view of a reduction's result (or its gradient) in which the reduced axes have size 1.</summary>
    internal static Tensor Kept(Tensor result, Shape shape, int[] axes)
    {
        var sizes = shape.Sizes.ToArray();
        foreach (var axis in axes)
            sizes[shape.Axis(axis)] = 1;
        return result.Reshape(new Shape(sizes));
    }
}
