using SeqCore.Kernels.Rotary;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunRotary(DeviceSpan<float> x, DeviceSpan<float> table, DeviceSpan<float> y,
        in RotaryShape shape) =>
        RunRotary(nameof(Rotary), x, table, y, shape, 1f);

    private protected override void RunRotaryGradient(DeviceSpan<float> dY, DeviceSpan<float> table, DeviceSpan<float> dX,
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
    }
}
