using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Makes a tensor with the same value everywhere.</summary>
    public static Tensor Full(Shape shape, float value, Backend? backend = null)
    {
        var result = Uninitialized(shape, backend);
        result.Backend.Fill(result.Strided, value);
        return result;
    }

    /// <summary>Makes a tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, Backend? backend = null) => Full(shape, 0f, backend);

    /// <summary>Makes a tensor of ones.</summary>
    public static Tensor Ones(Shape shape, Backend? backend = null) => Full(shape, 1f, backend);

    /// <summary>Makes a tensor of rank 0.</summary>
    public static Tensor Scalar(float value, Backend? backend = null) => Full(Shape.Scalar, value, backend);

    /// <summary>Makes the vector 0, 1, ..., end - 1, each rounded to float32: exact up to 2^24.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The end is negative.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 values.</exception>
    public static Tensor Arange(int end, Backend? backend = null)
    {
        Number.AtLeast(0, end, "Arange", nameof(end));
        var values = HostArray.New<float>("Arange", end);
        for (var i = 0; i < values.Length; i++)
            values[i] = i;
        return FromSpan(values, new Shape(end), backend);
    }

    /// <summary>
    /// Makes the vector start, start + step, ... up to but not including end. Element i is start + i step, rounded once.
    /// </summary>
    /// <exception cref="ArgumentException">The step is 0, or an argument is not finite.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 values.</exception>
    public static Tensor Arange(float start, float end, float step = 1f, Backend? backend = null)
    {
        if (!float.IsFinite(start) || !float.IsFinite(end) || !float.IsFinite(step) || step == 0f)
        {
            throw new ArgumentException("Arange: start, end and step should be finite and the step not 0;"
                + $" got {start}, {end} and {step}.");
        }

        var count = Math.Max(0d, Math.Ceiling(((double)end - start) / step));
        var what = $"Arange: {start} to {end} in steps of {step}";
        var values = HostArray.New<float>(what,
            SizeLimitException.Check(what, (decimal)Math.Min(count, 1e28), "Use a larger step."));
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(start + i * (double)step);
        return FromSpan(values, new Shape(values.Length), backend);
    }

    /// <summary>Makes a vector of evenly spaced values from start to end, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of values is negative.</exception>
    /// <exception cref="SizeLimitException">The number of values is more than 2^31 - 57.</exception>
    public static Tensor Linspace(float start, float end, int count, Backend? backend = null)
    {
        Number.AtLeast(0, count, "Linspace", nameof(count));
        var values = HostArray.New<float>($"Linspace: {count} values", count);
        for (var i = 0; i < count; i++)
            values[i] = i == 0 ? start : i == count - 1 ? end : (float)(start + i * ((double)end - start) / (count - 1));
        return FromSpan(values, new Shape(count), backend);
    }

    /// <summary>
    /// Makes a matrix of shape (rows, columns) with 1 on the diagonal and 0 elsewhere; square if columns is null.
    /// </summary>
    /// <exception cref="ArgumentException">A size is negative.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 elements.</exception>
    public static Tensor Eye(int rows, int? columns = null, Backend? backend = null)
    {
        var shape = new Shape(rows, columns ?? rows);
        var values = HostArray.New<float>($"Eye: {shape}", shape.ElementCount);
        for (var i = 0; i < Math.Min(shape[0], shape[1]); i++)
            values[i * shape[1] + i] = 1f;
        return FromSpan(values, shape, backend);
    }
}
