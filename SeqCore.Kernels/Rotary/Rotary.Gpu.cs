using SeqCore.Kernels.Rotary;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
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
        CheckRotary(operation, x, table, y, shape);
        var isAligned = AreAlignedRows(shape.Columns, x, table, y) && shape.HeadSize % 4 == 0 && shape.RotarySize % 8 == 0;
        var units = new RotaryUnits(shape, isAligned ? 4 : 1);
        LaunchAligned(new RotaryGpuKernel
        {
            Units = units,
            X = View(x),
            Y = View(y),
            Table = View(table),
            Direction = direction,
        }, isAligned, RowChunking.Chunks(units.Count, IGpuKernel.MostThreads), operation);
    }
}
