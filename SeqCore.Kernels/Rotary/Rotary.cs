namespace SeqCore.Kernels;

/// <summary>The sizes of <see cref="Backend.Rotary"/>.</summary>
/// <param name="Batch">The number of sequences, B.</param>
/// <param name="Steps">The number of steps, T.</param>
/// <param name="Columns">The number of elements of one step, C, at least HeadCount HeadSize; those after the heads are
/// copied.</param>
/// <param name="HeadCount">The number of heads that are rotated, the first ones of each step.</param>
/// <param name="HeadSize">The number of elements of a head, K.</param>
/// <param name="RotarySize">The number of elements of each head that are rotated, R, even and at most K; the others are
/// copied.</param>
/// <param name="FirstPosition">The position of the first step, which is a row of the table.</param>
/// <param name="Pairs">The pairs of elements.</param>
public readonly record struct RotaryShape(int Batch, int Steps, int Columns, int HeadCount, int HeadSize, int RotarySize,
    int FirstPosition, RotaryPairs Pairs);

public abstract partial class Backend
{
    /// <summary>
    /// Rotary positions (Su et al., "RoFormer", arXiv:2104.09864): each pair (a, b) of a head at position p is rotated by the
    /// angle p theta_j, so that the product of a query and a key depends on their distance only: a' = a cos(p theta_j) - b sin(p
    /// theta_j), b' = b cos(p theta_j) + a sin(p theta_j).
    /// </summary>
    /// <param name="x">The input, shape (B, T, C).</param>
    /// <param name="table">The table, shape (P, 2, R), with P above the last position; see <see cref="RotaryTable"/>.</param>
    /// <param name="y">Output: the result, shape (B, T, C); may be x.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="ArgumentException">A span is too short, or the sizes contradict each other.</exception>
    public void Rotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape)
    {
        RunRotary(x, table, y, shape);
        KeepAlive((x, table, y));
    }

    /// <summary>
    /// Computes the gradient of <see cref="Rotary"/>, which is the inverse rotation: dX is written and may be dY.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short, or the sizes contradict each other.</exception>
    public void RotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX,
        in RotaryShape shape)
    {
        RunRotaryGradient(dY, table, dX, shape);
        KeepAlive((dY, table, dX));
    }

    /// <summary>Checks sizes and spans, and returns the number of rows of x.</summary>
    private protected static int CheckRotary(string operation, DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y,
        in RotaryShape shape)
    {
        if (shape.Batch < 0 || shape.Steps < 0 || shape.HeadCount < 0 || shape.FirstPosition < 0
            || shape.Columns < (long)shape.HeadCount * shape.HeadSize)
        {
            throw new ArgumentException($"{operation}: sizes should not be negative, and the heads should fit into the columns;"
                + $" got {shape}.");
        }

        if (shape.RotarySize < 2 || shape.RotarySize % 2 != 0 || shape.RotarySize > shape.HeadSize)
        {
            throw new ArgumentException($"{operation}: the rotary size should be even and in [2, {shape.HeadSize}],"
                + $" the head's size; got {shape.RotarySize}.");
        }

        var rows = SizeLimitException.Product("Rotary: B T", shape.Batch, shape.Steps);
        RowChecks.Check(operation, nameof(x), x, rows, shape.Columns);
        RowChecks.Check(operation, nameof(table), table, SizeLimitException.Check("Rotary: the table",
            (decimal)shape.FirstPosition + shape.Steps),
            SizeLimitException.Product("Rotary: a row of the table", 2, shape.RotarySize));
        RowChecks.Check(operation, nameof(y), y, rows, shape.Columns);
        return rows;
    }

    private protected abstract void RunRotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y,
        in RotaryShape shape);

    private protected abstract void RunRotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX,
        in RotaryShape shape);
}
