namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Rotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y, in RotaryShape shape) =>
        RunRotary(nameof(Rotary), x, table, y, shape, 1f);

    /// <inheritdoc/>
    public override void RotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX,
        in RotaryShape shape) =>
        RunRotary(nameof(RotaryGradient), dY, table, dX, shape, -1f);

    private void RunRotary(string operation, DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y,
        in RotaryShape shape, float direction)
    {
        var rows = CheckRotary(operation, x, table, y, shape);
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
}
