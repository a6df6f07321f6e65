using ILGPU;

namespace SeqCore.Kernels;

/// <summary>Four neighbouring floats, which a thread loads or stores in one instruction of 16 bytes.</summary>
internal struct Float4
{
    internal float X;
    internal float Y;
    internal float Z;
    internal float W;

    internal Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }
}

public sealed partial class GpuBackend
{
    /// <summary>
    /// The whole fours of a span, without the tail of up to three; of a span that does not start at a multiple of 16 bytes, or is
    /// absent, a view of length 0. So a kernel takes the fours below the view's length and single elements beyond, and fits both.
    /// </summary>
    internal ArrayView<Float4> ViewFours(DeviceSpan<float> span) =>
        (span.Offset % 4 == 0 ? View(span.Slice(0, span.Length / 4 * 4)) : View(default(DeviceSpan<float>))).Cast<Float4>();
}
