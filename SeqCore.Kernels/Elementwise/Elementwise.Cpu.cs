namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
    {
        ElementwiseChecks.Unary(x, y);
        StridedMap<UnaryKernel<TOperation>>.Run(Workers, 1, new(operation), [x, y]);
    }

    /// <inheritdoc/>
    public override void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false)
    {
        ElementwiseChecks.UnaryGradient(x, y, dY, dX);
        StridedMap<UnaryGradientKernel<TOperation>>.Run(Workers, 3, new(operation, accumulate),
            [Operands.Flat(x), Operands.Flat(y), Operands.Flat(dY), Operands.Flat(dX)]);
    }

    /// <inheritdoc/>
    public override void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z)
    {
        ElementwiseChecks.Binary(x, y, z);
        StridedMap<BinaryKernel<TOperation>>.Run(Workers, 2, new(operation), [x, y, z]);
    }

    /// <inheritdoc/>
    public override void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z,
        in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
    {
        ElementwiseChecks.BinaryGradient(x, y, z, dZ, dX, dY);
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

    /// <inheritdoc/>
    public override void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        ElementwiseChecks.Where(mask, x, z, y);
        StridedMap<WhereKernel>.Run(Workers, 3, default, [mask, x, z, y]);
    }
}
