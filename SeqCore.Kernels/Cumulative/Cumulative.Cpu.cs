using SeqCore.Kernels.Cumulative;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCumulativeSum(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive) =>
        ForEachRow(new CumulativeSumRow(x.Pointer(), y.Pointer(), columns, reverse, exclusive), rows, columns);

    private protected override void RunCumulativeProduct(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive) =>
        ForEachRow(new CumulativeProductRow(x.Pointer(), y.Pointer(), columns, reverse, exclusive), rows, columns);

    private protected override void RunCumulativeProductGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns, bool reverse, bool exclusive) =>
        ForEachRow(new CumulativeProductGradientRow(this, x.Pointer(), dY.Pointer(), dX.Pointer(), columns, reverse, exclusive),
            rows, columns);
}
