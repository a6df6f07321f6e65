using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunUnary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
    {
        StridedMap<UnaryKernel<TOperation>>.Run(Workers, 1, new(operation), [x, y]);
    }

    private protected override void RunUnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate)
    {
        StridedMap<UnaryGradientKernel<TOperation>>.Run(Workers, 3, new(operation, accumulate),
            [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX)]);
    }

    private protected override void RunBinary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z)
    {
        StridedMap<BinaryKernel<TOperation>>.Run(Workers, 2, new(operation), [x, y, z]);
    }

    private protected override void RunBinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z, in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
    {
        var kernel = new BinaryGradientKernel<TOperation>(operation, !dX.IsAbsent, !dY.IsAbsent);
        if (!dX.IsAbsent && !dY.IsAbsent)
        {
            StridedMap<BinaryGradientKernel<TOperation>>.Run(Workers, 4, kernel,
                [x, y, z, dZ, Operands.Like(dX, dZ.Layout), Operands.Like(dY, dZ.Layout)]);
        }
        else if (!dX.IsAbsent || !dY.IsAbsent)
        {
            StridedMap<BinaryGradientKernel<TOperation>>.Run(Workers, 4, kernel,
                [x, y, z, dZ, Operands.Like(dX.IsAbsent ? dY : dX, dZ.Layout)]);
        }
    }

    private protected override void RunWhere(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        StridedMap<WhereKernel>.Run(Workers, 3, default, [mask, x, z, y]);
    }
}
