using SeqCore.Kernels;

namespace SeqCore.Tensors;

public sealed partial class Tensor
{
    /// <summary>A tensor with one value everywhere.</summary>
    public static Tensor Full(Shape shape, float value, Backend? backend = null)
    {
        var result = Uninitialized(shape, backend);
        result.Backend.Fill(result.Strided, value);
        return result;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, Backend? backend = null) => Full(shape, 0f, backend);

    /// <summary>A tensor with these values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static Tensor FromSpan(ReadOnlySpan<float> values, Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
            throw ShapeException.Wrong("Tensor.FromSpan", "values", $"({shape.ElementCount},)", new Shape(values.Length), $"the shape is {shape}");
        var result = Uninitialized(shape, backend);
        result.Backend.Upload(values, result.Span);
        return result;
    }

    /// <summary>The values in row-major order.</summary>
    public float[] ToArray()
    {
        var result = new float[ElementCount];
        var contiguous = Contiguous();
        Backend.Download(contiguous.Span, result);
        if (contiguous != this)
            contiguous.Dispose();
        return result;
    }
}
