using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class BoolTensor
{
    /// <summary>A tensor with these values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static BoolTensor FromSpan(ReadOnlySpan<bool> values, Shape shape, Backend? backend = null)
    {
        var numbers = HostArray.New<float>("BoolTensor.FromSpan", values.Length);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = values[i] ? 1f : 0f;
        return new BoolTensor(Tensor.FromSpan(numbers, shape, backend));
    }

    /// <summary>A vector with these values.</summary>
    public static BoolTensor FromArray(bool[] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values, new Shape(values.Length), backend);
    }

    /// <summary>A matrix with these values.</summary>
    public static BoolTensor FromArray(bool[,] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values.Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length),
            new Shape(values.GetLength(0), values.GetLength(1)), backend);
    }

    /// <summary>A tensor with one value everywhere.</summary>
    public static BoolTensor Full(Shape shape, bool value, Backend? backend = null) =>
        new(Tensor.Full(shape, value ? 1f : 0f, backend));

    /// <summary>
    /// True where column &lt;= row + diagonal: with diagonal 0, what a causal model may see. Shape (rows, columns).
    /// </summary>
    public static BoolTensor LowerTriangle(int rows, int columns, int diagonal = 0, Backend? backend = null) =>
        Triangle("LowerTriangle", rows, columns, (row, column) => column <= row + (long)diagonal, backend);

    /// <summary>True where column &gt;= row + diagonal. Shape (rows, columns).</summary>
    public static BoolTensor UpperTriangle(int rows, int columns, int diagonal = 0, Backend? backend = null) =>
        Triangle("UpperTriangle", rows, columns, (row, column) => column >= row + (long)diagonal, backend);

    /// <summary>True where a step lies within its sequence: at (b, t) where t &lt; lengths[b]. Shape (B, steps).</summary>
    /// <param name="lengths">Shape (B,), each in [0, steps].</param>
    /// <param name="steps">T, the length that all sequences are padded to.</param>
    /// <exception cref="ShapeException">The lengths do not have one axis.</exception>
    /// <exception cref="SizeLimitException">There would be more than 2^31 - 57 steps.</exception>
    /// <exception cref="ArgumentException">
    /// A length is out of range; on a GPU, which is not waited for, the next read throws.
    /// </exception>
    public static BoolTensor LengthMask(IndexTensor lengths, int steps)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (lengths.Shape.Rank != 1)
            throw ShapeException.Wrong("LengthMask", nameof(lengths), "(B,)", lengths.Shape);
        CheckLengths(lengths, steps);

        // Looking a length up in a table of numbers finds one that is out of range on the device too.
        var count = steps < int.MaxValue
            ? steps + 1
            : SizeLimitException.Check($"LengthMask: a table of the lengths 0 to {steps}", steps + 1L, "Use fewer steps.");
        using var numbers = Tensor.Arange(count, lengths.Backend);
        using var table = numbers.Reshape(count, 1);
        using var ends = table.Gather(lengths);
        using var places = numbers.Slice(0, 0, steps);
        return ends > places;
    }

    /// <summary>True where an element is NaN.</summary>
    public static BoolTensor IsNaN(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.NotEqualTo(x);
    }

    /// <summary>True where an element is positive or negative infinity.</summary>
    public static BoolTensor IsInfinity(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var size = x.Abs();
        return size.EqualTo(float.PositiveInfinity);
    }

    /// <summary>
    /// True where an element is neither NaN nor infinite. For one answer about all of them, see <see cref="Tensor.IsFinite"/>.
    /// </summary>
    public static BoolTensor IsFinite(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var size = x.Abs();
        return size <= float.MaxValue;
    }

    private static BoolTensor Triangle(string operation, int rows, int columns, Func<int, int, bool> inside, Backend? backend)
    {
        var shape = new Shape(rows, columns);
        var values = HostArray.New<bool>($"{operation}: {shape}", shape.ElementCount);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                values[row * columns + column] = inside(row, column);
        }

        return FromSpan(values, shape, backend);
    }

    private static void CheckLengths(IndexTensor lengths, int steps)
    {
        if (lengths.Backend.Device.Kind != DeviceKind.Cpu)
            return;
        foreach (var (i, length) in lengths.ToArray().Index())
        {
            if (length < 0 || length > steps)
            {
                throw new ArgumentException(
                    $"LengthMask: length {length} of sequence {i} should be between 0 and {steps}, the number of steps.",
                    nameof(lengths));
            }
        }
    }
}
