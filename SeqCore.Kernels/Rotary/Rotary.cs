namespace SeqCore.Kernels;

/// <summary>What <see cref="Backend.Rotary"/> works on.</summary>
/// <param name="Batch">B</param>
/// <param name="Steps">T</param>
/// <param name="Columns">C: elements of one step, at least HeadCount HeadSize; those after the heads are copied.</param>
/// <param name="HeadCount">Heads that are turned, the first ones of each step.</param>
/// <param name="HeadSize">K</param>
/// <param name="RotarySize">R: the first elements of each head, which are turned; even, at most K. The others are copied.</param>
/// <param name="FirstPosition">Position of the first step: a row of the table.</param>
/// <param name="Pairs">How elements are paired.</param>
public readonly record struct RotaryShape(int Batch, int Steps, int Columns, int HeadCount, int HeadSize, int RotarySize,
    int FirstPosition, RotaryPairs Pairs);

public abstract partial class Backend
{
    /// <summary>
    /// Rotary positions (Su et al., "RoFormer", arXiv:2104.09864): each pair (a, b) of a head at position p is turned by the
    /// angle p theta_j, so that the product of a query and a key depends on their distance alone:
    /// a' = a cos(p theta_j) - b sin(p theta_j), b' = b cos(p theta_j) + a sin(p theta_j).
    /// </summary>
    /// <param name="x">Shape (B, T, C).</param>
    /// <param name="table">Shape (P, 2, R), P above the last position; <see cref="RotaryTable"/> says what it holds.</param>
    /// <param name="y">Shape (B, T, C); may be x.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="ArgumentException">A span is too short, or the sizes contradict each other.</exception>
    public void Rotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape)
    {
        RunRotary(x, table, y, shape);
        KeepAlive((x, table, y));
    }

    /// <summary>The gradient of <see cref="Rotary"/>, which is the turn back: dX is written and may be dY.</summary>
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
