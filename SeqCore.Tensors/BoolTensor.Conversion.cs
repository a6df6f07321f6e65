namespace SeqCore;

public sealed partial class BoolTensor
{
    /// <summary>The values in row-major order.</summary>
    public bool[] ToArray() => Array.ConvertAll(values.ToArray(), static x => x != 0f);

    /// <summary>A new tensor of 1 where this is true and 0 elsewhere.</summary>
    public Tensor ToTensor() => values.Copy();

    /// <summary>The only element.</summary>
    /// <exception cref="ShapeException">There is not exactly one.</exception>
    public bool Item() => values.Item() != 0f;

    /// <summary>The shape and the values, aligned; long axes abbreviated with <c>...</c>.</summary>
    public override string ToString() => ToString(PrintOptions.Default);

    /// <summary>The shape and the values as the options say.</summary>
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
