namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Rotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape) =>
        RunRotary(nameof(Rotary), x, table, y, shape, 1f);

    /// <inheritdoc/>
    public override void RotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX, in RotaryShape shape) =>
        RunRotary(nameof(RotaryGradient), dY, table, dX, shape, -1f);

    private void RunRotary(string operation, DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape, float direction)
    {
        CheckRotary(operation, shape);
        var rows = checked(shape.Batch * shape.Steps);
        Rows.Check(operation, nameof(x), x, rows, shape.Columns);
        Rows.Check(operation, nameof(table), table, checked(shape.FirstPosition + shape.Steps), 2 * shape.RotarySize);
        Rows.Check(operation, nameof(y), y, rows, shape.Columns);
        ForRows(new RotaryKernel
        {
            X = x.Pointer(),
            Y = y.Pointer(),
            Table = table.Pointer(),
            Shape = shape,
            Direction = direction,
        }, rows, shape.Columns);
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(table.Buffer);
        GC.KeepAlive(y.Buffer);
    }

    private static void CheckRotary(string operation, in RotaryShape shape)
    {
        if (shape.Batch < 0 || shape.Steps < 0 || shape.HeadCount < 0 || shape.FirstPosition < 0 || shape.Columns < (long)shape.HeadCount * shape.HeadSize)
            throw new ArgumentException($"{operation}: sizes should not be negative, and the heads should fit into the columns; got {shape}.");
        if (shape.RotarySize < 2 || shape.RotarySize % 2 != 0 || shape.RotarySize > shape.HeadSize)
            throw new ArgumentException($"{operation}: the rotary size should be even and in [2, {shape.HeadSize}], the head's size; got {shape.RotarySize}.");
    }
}
