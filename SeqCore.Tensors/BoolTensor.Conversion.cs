namespace SeqCore;

public sealed partial class BoolTensor
{
    /// <summary>Copies the values, in row-major order, to an array; waits for the device.</summary>
    public bool[] ToArray() => Array.ConvertAll(values.ToArray(), static x => x != 0f);

    /// <summary>Makes a tensor that is 1 where this mask is true and 0 elsewhere.</summary>
    public Tensor ToTensor() => values.Copy();

    /// <summary>Makes an index tensor that is 1 where this mask is true and 0 elsewhere.</summary>
    public IndexTensor ToIndex() => values.ToIndex();

    /// <summary>Returns the only element; waits for the device.</summary>
    /// <exception cref="ShapeException">The tensor does not have exactly one element.</exception>
    public bool Item() => values.Item() != 0f;

    /// <summary>Returns the shape and the aligned values as text; long axes are abbreviated with <c>...</c>.</summary>
    public override string ToString() => ToString(PrintOptions.Default);

    /// <summary>Returns the shape and the values as text, formatted by the options.</summary>
    public string ToString(PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsDisposed)
            return $"BoolTensor {Shape}, closed";
        if (ElementCount <= options.Threshold)
            return TensorPrinter.Print(nameof(BoolTensor), ToArray(), Shape, Shape);
        using var corners = new BoolTensor(values.Corners(options.EdgeItems));
        return TensorPrinter.Print(nameof(BoolTensor), corners.ToArray(), corners.Shape, Shape);
    }
}
