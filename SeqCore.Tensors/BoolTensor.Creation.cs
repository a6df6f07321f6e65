using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class BoolTensor
{
    /// <summary>Makes a tensor from values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of the shape.</exception>
    public static BoolTensor FromSpan(ReadOnlySpan<bool> values, Shape shape, Backend? backend = null)
    {
        var numbers = HostArray.New<float>("BoolTensor.FromSpan", values.Length);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = values[i] ? 1f : 0f;
        return new BoolTensor(Tensor.FromSpan(numbers, shape, backend));
    }

    /// <summary>Makes a vector from an array.</summary>
    public static BoolTensor FromArray(bool[] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values, new Shape(values.Length), backend);
    }

    /// <summary>Makes a matrix from an array.</summary>
    public static BoolTensor FromArray(bool[,] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values.Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length),
            new Shape(values.GetLength(0), values.GetLength(1)), backend);
    }

    /// <summary>Makes a tensor with the same value everywhere.</summary>
    public static BoolTensor Full(Shape shape, bool value, Backend? backend = null) =>
        new(Tensor.Full(shape, value ? 1f : 0f, backend));

    /// <summary>
    /// Makes a mask of shape (rows, columns) that is true where column &lt;= row + diagonal; with diagonal 0 it is the causal
    /// mask.
    /// </summary>
    public static BoolTensor LowerTriangle(int rows, int columns, int diagonal = 0, Backend? backend = null) =>
        Triangle("LowerTriangle", rows, columns, (row, column) => column <= row + (long)diagonal, backend);

    /// <summary>Makes a mask of shape (rows, columns) that is true where column &gt;= row + diagonal.</summary>
    public static BoolTensor UpperTriangle(int rows, int columns, int diagonal = 0, Backend? backend = null) =>
        Triangle("UpperTriangle", rows, columns, (row, column) => column >= row + (long)diagonal, backend);

    /// <summary>
    /// Makes a mask of shape (B, steps) that is true where a step lies within its sequence: at (b, t) where t &lt; lengths[b].
    /// </summary>
    /// <param name="lengths">The lengths of the sequences, shape (B,), each in [0, steps].</param>
    /// <param name="steps">The length that all sequences are padded to, T.</param>
    /// <exception cref="ShapeException">The lengths do not have exactly one axis.</exception>
    /// <exception cref="SizeLimitException">
    /// The table of the lengths 0 to steps would have more than 2^31 - 57 elements.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A length is out of range. On a GPU the next read throws, so that this method need not wait.
    /// </exception>
    public static BoolTensor LengthMask(IndexTensor lengths, int steps)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        Number.AtLeast(0, steps, "LengthMask", nameof(steps));
        if (lengths.Shape.Rank != 1)
            throw ShapeException.Wrong("LengthMask", nameof(lengths), "(B,)", lengths.Shape);
        CheckLengths(lengths, steps);

        // Looking up each length in a table of numbers detects one that is out of range on any device.
        var count = steps < int.MaxValue
            ? steps + 1
            : SizeLimitException.Check($"LengthMask: a table of the lengths 0 to {steps}", steps + 1L, "Use fewer steps.");
        using var numbers = Tensor.Arange(count, lengths.Backend);
        using var table = numbers.Reshape(count, 1);
        using var ends = table.Gather(lengths);
        using var positions = numbers.Slice(0, 0, steps);
        return ends > positions;
    }

    /// <summary>Returns true where an element is NaN.</summary>
    public static BoolTensor IsNaN(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.NotEqualTo(x);
    }

    /// <summary>Returns true where an element is positive or negative infinity.</summary>
    public static BoolTensor IsInfinity(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var size = x.Abs();
        return size.EqualTo(float.PositiveInfinity);
    }

    /// <summary>
    /// Returns true where an element is neither NaN nor infinite; <see cref="Tensor.IsFinite"/> gives one answer for all
    /// elements.
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
