using SeqCore.Kernels.Elementwise;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>y = f(x) for operands of the same sizes and any strides. y may be x itself.</summary>
    public void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
        where TOperation : struct, IUnaryOperation
    {
        ElementwiseChecks.Unary(x, y);
        RunUnary(operation, x, y);
        KeepAlive((x.Data, y.Data));
    }

    /// <summary>
    /// dX = dY f'(x), or dX += dY f'(x) if <paramref name="accumulate"/>, where y = f(x). All are contiguous and have the same
    /// length.
    /// </summary>
    public void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false)
        where TOperation : struct, IUnaryOperation
    {
        ElementwiseChecks.UnaryGradient(x, y, dY, dX);
        RunUnaryGradient(operation, x, y, dY, dX, accumulate);
        KeepAlive((x, y, dY, dX));
    }

    /// <summary>z = f(x, y) for operands of the same sizes; a stride of 0 in x or y broadcasts. z may be x or y itself.</summary>
    public void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z)
        where TOperation : struct, IBinaryOperation
    {
        ElementwiseChecks.Binary(x, y, z);
        RunBinary(operation, x, y, z);
        KeepAlive((x.Data, y.Data, z.Data));
    }

    /// <summary>
    /// dX = dZ df/dx and dY = dZ df/dy, each skipped if its span is absent. x and y have the sizes of z, with strides of 0 where
    /// they are broadcast; dZ, dX and dY are contiguous with the sizes of z (sum them over the broadcast axes afterwards).
    /// </summary>
    public void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z,
        in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
        where TOperation : struct, IBinaryOperation
    {
        ElementwiseChecks.BinaryGradient(x, y, z, dZ, dX, dY);
        RunBinaryGradient(operation, x, y, z, dZ, dX, dY);
        KeepAlive((x.Data, y.Data, z.Data, dZ.Data, dX, dY));
    }

    /// <summary>y = x where mask is not 0, else z; sizes as for <see cref="Binary"/>.</summary>
    public void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y)
    {
        ElementwiseChecks.Where(mask, x, z, y);
        RunWhere(mask, x, z, y);
        KeepAlive((mask.Data, x.Data, z.Data, y.Data));
    }

    private protected abstract void RunUnary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
        where TOperation : struct, IUnaryOperation;

    private protected abstract void RunUnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate)
        where TOperation : struct, IUnaryOperation;

    private protected abstract void RunBinary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z)
        where TOperation : struct, IBinaryOperation;

    private protected abstract void RunBinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y,
        in StridedSpan z, in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
        where TOperation : struct, IBinaryOperation;

    private protected abstract void RunWhere(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y);
}
