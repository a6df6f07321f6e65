using System.Globalization;
using System.Text;

namespace SeqCore;

/// <summary>Writes values in nested brackets, one row of the last axis to a line, in columns of equal width.</summary>
internal static class TensorPrinter
{
    /// <param name="kind">The word in front of the shape.</param>
    /// <param name="values">The elements shown, in row-major order.</param>
    /// <param name="shown">The shape of the elements shown, which is smaller than the whole shape on abbreviated axes.</param>
    /// <param name="shape">The shape of the whole tensor.</param>
    /// <param name="options">The options, which specify digits and edges.</param>
    internal static string Print(string kind, ReadOnlySpan<float> values, Shape shown, Shape shape, PrintOptions options)
    {
        var scientific = NeedsScientific(values, options.Digits);
        var format = scientific ? $"0.{new string('0', options.Digits)}e+00" : $"F{options.Digits}";
        if (IsIntegral(values))
            format = "0";
        var cells = new string[values.Length];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = Cell(values[i], format);
        return Print(kind, cells, shown, shape);
    }

    /// <summary>Writes integers in nested brackets.</summary>
    internal static string Print(string kind, ReadOnlySpan<int> values, Shape shown, Shape shape)
    {
        var cells = new string[values.Length];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = values[i].ToString(CultureInfo.InvariantCulture);
        return Print(kind, cells, shown, shape);
    }

    /// <summary>Writes booleans in nested brackets.</summary>
    internal static string Print(string kind, bool[] values, Shape shown, Shape shape) =>
        Print(kind, Array.ConvertAll(values, static x => x ? "True" : "False"), shown, shape);

    private static string Print(string kind, string[] cells, Shape shown, Shape shape)
    {
        var text = new StringBuilder().Append(kind).Append(' ').Append(shape);
        if (cells.Length == 0)
            return text.Append(": no elements").ToString();
        if (shape.Rank == 0)
            return text.Append(": ").Append(cells[0]).ToString();
        var width = cells.Max(c => c.Length);
        text.Append('\n');
        Append(text, cells, width, shown, shape, 0, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReadOnlySpan<string> cells, int width, Shape shown, Shape shape,
        int axis, int indent)
    {
        var innermost = axis == shape.Rank - 1;
        var count = shown[axis];
        var size = cells.Length / count;
        text.Append('[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                Separate(text, innermost, shape.Rank - axis - 2, indent + 1);
            if (i == count / 2 && count < shape[axis])
            {
                text.Append("...");
                Separate(text, innermost, shape.Rank - axis - 2, indent + 1);
            }

            if (innermost)
                text.Append(cells[i].PadLeft(width));
            else
                Append(text, cells.Slice(i * size, size), width, shown, shape, axis + 1, indent + 1);
        }

        text.Append(']');
    }

    // Elements of a row are separated by commas, rows by a new line, and matrices by one more empty line for each axis.
    private static void Separate(StringBuilder text, bool innermost, int emptyLines, int indent)
    {
        if (innermost)
        {
            text.Append(", ");
            return;
        }

        text.Append(',').Append('\n', 1 + emptyLines).Append(' ', indent);
    }

    private static string Cell(float value, string format) => value switch
    {
        float.NaN => "nan",
        float.PositiveInfinity => "inf",
        float.NegativeInfinity => "-inf",
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };

    private static bool IsIntegral(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (float.IsFinite(value) && (value != MathF.Truncate(value) || MathF.Abs(value) >= 1e7f))
                return false;
        }

        return true;
    }

    private static bool NeedsScientific(ReadOnlySpan<float> values, int digits)
    {
        var least = float.PositiveInfinity;
        var most = 0f;
        foreach (var value in values)
        {
            var a = MathF.Abs(value);
            if (!float.IsFinite(a) || a == 0f)
                continue;
            least = MathF.Min(least, a);
            most = MathF.Max(most, a);
        }

        return most >= 1e7f || (most > 0f && most < MathF.Pow(10f, 1 - digits));
    }
}
