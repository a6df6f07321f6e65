namespace SeqCore.Kernels.Elementwise;

/// <summary>Checks the arguments of element-wise operations, for all devices.</summary>
internal static class ElementwiseChecks
{
    internal static void Unary(in StridedSpan x, in StridedSpan y)
    {
        Operands.Check(nameof(Unary), nameof(x), x);
        Operands.CheckResult(nameof(Unary), nameof(y), y);
        Operands.CheckSizes(nameof(Unary), nameof(x), x, nameof(y), y);
    }

    internal static void UnaryGradient(DeviceSpan<float> x, DeviceSpan<float> y, DeviceSpan<float> dY, DeviceSpan<float> dX)
    {
        Operands.CheckLength(nameof(UnaryGradient), nameof(y), y.Length, x.Length);
        Operands.CheckLength(nameof(UnaryGradient), nameof(dY), dY.Length, x.Length);
        Operands.CheckLength(nameof(UnaryGradient), nameof(dX), dX.Length, x.Length);
    }

    internal static void Binary(in StridedSpan x, in StridedSpan y, in StridedSpan z)
    {
        Operands.Check(nameof(Binary), nameof(x), x);
        Operands.Check(nameof(Binary), nameof(y), y);
        Operands.CheckResult(nameof(Binary), nameof(z), z);
        Operands.CheckSizes(nameof(Binary), nameof(x), x, nameof(z), z);
        Operands.CheckSizes(nameof(Binary), nameof(y), y, nameof(z), z);
    }

    internal static void BinaryGradient(in StridedSpan x, in StridedSpan y, in StridedSpan z, in StridedSpan dZ,
        DeviceSpan<float> dX, DeviceSpan<float> dY)
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
    }

    internal static void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        Operands.Check(nameof(Where), nameof(mask), mask);
        Operands.Check(nameof(Where), nameof(x), x);
        Operands.Check(nameof(Where), nameof(z), z);
        Operands.CheckResult(nameof(Where), nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(mask), mask, nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(x), x, nameof(y), y);
        Operands.CheckSizes(nameof(Where), nameof(z), z, nameof(y), y);
    }
}
