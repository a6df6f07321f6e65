namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
    {
        ElementwiseChecks.Unary(x, y);
        Map(new UnaryMap<TOperation>(operation), [x, y]);
    }

    /// <inheritdoc/>
    public override void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false)
    {
        ElementwiseChecks.UnaryGradient(x, y, dY, dX);
        if (accumulate)
        {
            Map(new UnaryGradientSumMap<TOperation>(operation),
                [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX), Operands.Flat(dX)]);
        }
        else
        {
            Map(new UnaryGradientMap<TOperation>(operation),
                [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX)]);
        }
    }

    /// <inheritdoc/>
    public override void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z)
    {
        ElementwiseChecks.Binary(x, y, z);
        Map(new BinaryMap<TOperation>(operation), [x, y, z]);
    }

    /// <inheritdoc/>
    public override void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z,
        in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
    {
        ElementwiseChecks.BinaryGradient(x, y, z, dZ, dX, dY);
        if (!dX.IsAbsent && !dY.IsAbsent)
        {
            Map(new BinaryGradientMap<TOperation>(operation),
                [x, y, z, dZ, Operands.Like(dX, dZ.Layout), Operands.Like(dY, dZ.Layout)]);
        }
        else if (!dX.IsAbsent)
            Map(new BinaryGradientXMap<TOperation>(operation), [x, y, z, dZ, Operands.Like(dX, dZ.Layout)]);
        else if (!dY.IsAbsent)
            Map(new BinaryGradientYMap<TOperation>(operation), [x, y, z, dZ, Operands.Like(dY, dZ.Layout)]);
    }

    /// <inheritdoc/>
    public override void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        ElementwiseChecks.Where(mask, x, z, y);
        Map(default(WhereMap), [mask, x, z, y]);
    }
}
