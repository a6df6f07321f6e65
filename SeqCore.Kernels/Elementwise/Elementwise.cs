namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>y = f(x). Both have the same sizes; any strides. y may be x itself.</summary>
    public abstract void Unary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y)
        where TOperation : struct, IUnaryOperation;

    /// <summary>
    /// dX = dY f'(x), or dX += ... where <paramref name="accumulate"/>; y = f(x). All contiguous, of one length.
    /// </summary>
    public abstract void UnaryGradient<TOperation>(TOperation operation, DeviceSpan<float> x, DeviceSpan<float> y,
        DeviceSpan<float> dY, DeviceSpan<float> dX, bool accumulate = false)
        where TOperation : struct, IUnaryOperation;

    /// <summary>z = f(x, y). All have the same sizes; a stride of 0 in x or y broadcasts. z may be x or y itself.</summary>
    public abstract void Binary<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z)
        where TOperation : struct, IBinaryOperation;

    /// <summary>
    /// dX = dZ df/dx and dY = dZ df/dy, each left out where its span is absent. x and y are given with the sizes of z, strides
    /// of 0 where broadcast; dZ, dX and dY are contiguous with the sizes of z (sum them over the broadcast axes afterwards).
    /// </summary>
    public abstract void BinaryGradient<TOperation>(TOperation operation, in StridedSpan x, in StridedSpan y, in StridedSpan z,
        in StridedSpan dZ, DeviceSpan<float> dX, DeviceSpan<float> dY)
        where TOperation : struct, IBinaryOperation;

    /// <summary>y = x where mask is not 0, else z; sizes as for Binary.</summary>
    public abstract void Where(in StridedSpan mask, in StridedSpan x, in StridedSpan z, in StridedSpan y);
}
