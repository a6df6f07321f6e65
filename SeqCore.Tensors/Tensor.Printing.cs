namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Returns the shape and the aligned values as text; long axes are abbreviated with <c>...</c>.</summary>
    public override string ToString() => ToString(PrintOptions.Default);

    /// <summary>Returns the shape and the values as text, formatted by the options.</summary>
    public string ToString(PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (closing is not null)
            return $"Tensor {Shape}, closed by {closing.By}";
        if (ElementCount <= options.Threshold)
            return TensorPrinter.Print("Tensor", ToArray(), Shape, Shape, options);
        using var corners = Corners(options.EdgeItems);
        return TensorPrinter.Print("Tensor", corners.ToArray(), corners.Shape, Shape, options);
    }

    /// <summary>Returns the first and last elements of each axis, which are printed.</summary>
    internal Tensor Corners(int edge)
    {
        var result = View(Shape, layout, offset);
        for (var axis = 0; axis < Rank; axis++)
        {
            if (Shape[axis] <= 2L * edge)
                continue;
            using var whole = result;
            using var head = whole.Slice(axis, 0, edge);
            using var tail = whole.Slice(axis, Shape[axis] - edge, edge);
            result = Concat([head, tail], axis);
        }

        return result;
    }
}
