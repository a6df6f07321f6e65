namespace SeqCore.Functions;

/// <summary>Helpers that view tensors as rows along the last axis, as the row kernels take them.</summary>
internal static class RowShape
{
    /// <summary>Returns the number of rows and their length.</summary>
    /// <exception cref="ShapeException">A scalar has no rows.</exception>
    internal static (int Rows, int Columns) Of(string operation, string name, Shape shape)
    {
        if (shape.Rank == 0)
            throw ShapeException.Wrong(operation, name, "(..., V)", shape, "it works along the last axis");
        var rows = 1;
        foreach (var size in shape.Sizes[..^1])
            rows *= size;
        return (rows, shape[-1]);
    }

    /// <summary>Returns all axes but the last.</summary>
    internal static Shape Leading(Shape shape) => new(shape.Sizes[..^1]);
}
