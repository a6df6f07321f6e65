namespace SeqCore.Functions;

/// <summary>Helpers of the reductions: the axes that they reduce, and views of results in which those axes are kept.</summary>
internal static class Axes
{
    /// <summary>Returns all axes of a shape.</summary>
    internal static int[] All(Shape shape) => [.. Enumerable.Range(0, shape.Rank)];

    /// <summary>Returns a view of a reduction's result (or its gradient) in which the reduced axes have size 1.</summary>
    internal static Tensor Kept(Tensor result, Shape shape, int[] axes)
    {
        var sizes = shape.Sizes.ToArray();
        foreach (var axis in axes)
            sizes[shape.Axis(axis)] = 1;
        return result.Reshape(new Shape(sizes));
    }
}
