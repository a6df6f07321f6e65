namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
    {
        Operands.Check(nameof(Unary), nameof(x), x);
        Operands.CheckResult(nameof(Unary), nameof(y), y);
        Operands.CheckSizes(nameof(Unary), nameof(x), x, nameof(y), y);
        StridedMap<UnaryKernel<TOperation>>.Run(Workers, 1, new(operation), [x, y]);
    }

    /// <inheritdoc/>
    public override void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false)
    {
        Operands.CheckLength(nameof(UnaryGradient), nameof(y), y.Length, x.Length);
        Operands.CheckLength(nameof(UnaryGradient), nameof(dY), dY.Length, x.Length);
        Operands.CheckLength(nameof(UnaryGradient), nameof(dX), dX.Length, x.Length);
        StridedMap<UnaryGradientKernel<TOperation>>.Run(Workers, 3, new(operation, accumulate), [Flat(x), Flat(y), Flat(dY), Flat(dX)]);
    }

    /// <inheritdoc/>
    public override void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z)
    {
        Operands.Check(nameof(Binary), nameof(x), x);
        Operands.Check(nameof(Binary), nameof(y), y);
        Operands.CheckResult(nameof(Binary), nameof(z), z);
        Operands.CheckSizes(nameof(Binary), nameof(x), x, nameof(z), z);
        Operands.CheckSizes(nameof(Binary), nameof(y), y, nameof(z), z);
        StridedMap<BinaryKernel<TOperation>>.Run(Workers, 2, new(operation), [x, y, z]);
    }

    /// <inheritdoc/>
    public override void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z,
        in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
    {
        Operands.Check(nameof(BinaryGradient), nameof(x), x);
        Operands.Check(nameof(BinaryGradient), nameof(y), y);
        Operands.Check(nameof(BinaryGradient), nameof(z), z);
        Operands.Check(nameof(BinaryGradient), nameof(dZ), dZ);
        Operands.CheckSizes(nameof(BinaryGradient), nameof(x), x, nameof(dZ), dZ);
        Operands.CheckSizes(nameof(BinaryGradient), nameof(y), y, nameof(dZ), dZ);
        Operands.CheckSizes(nameof(BinaryGradient), nameof(z), z, nameof(dZ), dZ);
        if (!dX.IsAbsent)
            Operands.CheckLength(nameof(BinaryGradient), nameof(dX), dX.Length, dZ.Layout.Count);
        if (!dY.IsAbsent)
            Operands.CheckLength(nameof(BinaryGradient), nameof(dY), dY.Length, dZ.Layout.Count);
        var kernel = new BinaryGradientKernel<TOperation>(operation, !dX.IsAbsent, !dY.IsAbsent);
        if (!dX.IsAbsent && !dY.IsAbsent)
            StridedMap<BinaryGradientKernel<TOperation>>.Run(Workers, 4, kernel, [x, y, z, dZ, Like(dX, dZ.Layout), Like(dY, dZ.Layout)]);
        else if (!dX.IsAbsent || !dY.IsAbsent)
            StridedMap<BinaryGradientKernel<TOperation>>.Run(Workers, 4, kernel, [x, y, z, dZ, Like(dX.IsAbsent ? dY : dX, dZ.Layout)]);
    }

    /// <inheritdoc/>
    public override void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        Operands.Check(nameof(Where), nameof(mask), mask);
        Operands.Check(nameof(Where), nameof(x), x);
        Operands.Check(nameof(Where), nameof(z), z);
        Operands.CheckResult(nameof(Where), nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(mask), mask, nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(x), x, nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(z), z, nameof(y), y);
        StridedMap<WhereKernel>.Run(Workers, 3, default, [mask, x, z, y]);
    }

    private static StridedSpan Flat(DeviceSpan<float> span) => new(span, new Layout([span.Length], [1]));

    private static StridedSpan Like(DeviceSpan<float> span, in Layout layout)
    {
        Span<int> sizes = stackalloc int[layout.Rank];
        for (var axis = 0; axis < layout.Rank; axis++)
            sizes[axis] = layout.Size(axis);
        return new StridedSpan(span, Layout.Contiguous(sizes));
    }
}
