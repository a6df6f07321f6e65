using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunUnary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
    {
        Map(nameof(Unary), new UnaryMap<TOperation>(operation), [x, y]);
    }

    private protected override void RunUnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate)
    {
        if (accumulate)
        {
            Map(nameof(UnaryGradient), new UnaryGradientSumMap<TOperation>(operation),
                [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX), Operands.Flat(dX)]);
        }
        else
        {
            Map(nameof(UnaryGradient), new UnaryGradientMap<TOperation>(operation),
                [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX)]);
        }
    }

    private protected override void RunBinary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z)
    {
        Map(nameof(Binary), new BinaryMap<TOperation>(operation), [x, y, z]);
    }

    private protected override void RunBinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z, in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
    {
        if (!dX.IsAbsent && !dY.IsAbsent)
        {
            Map(nameof(BinaryGradient), new BinaryGradientMap<TOperation>(operation),
                [x, y, z, dZ, Operands.Like(dX, dZ.Layout), Operands.Like(dY, dZ.Layout)]);
        }
        else if (!dX.IsAbsent)
            Map(nameof(BinaryGradient), new BinaryGradientXMap<TOperation>(operation),
                [x, y, z, dZ, Operands.Like(dX, dZ.Layout)]);
        else if (!dY.IsAbsent)
            Map(nameof(BinaryGradient), new BinaryGradientYMap<TOperation>(operation),
                [x, y, z, dZ, Operands.Like(dY, dZ.Layout)]);
    }

    private protected override void RunWhere(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        Map(nameof(Where), default(WhereMap), [mask, x, z, y]);
    }
}
