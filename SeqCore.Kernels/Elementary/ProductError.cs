using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

internal static partial class Elementary
{
    /// <summary>
    /// x y - product without a fused multiply-add: each factor is split into halves of 12 bits, whose products are exact (T. J.
    /// Dekker, "A floating-point technique for extending the available precision", 1971). |x|, |y| below 2^115.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T ProductError<T>(T x, T y, T product) where T : struct, IVectorLane<T>
    {
        var splitter = T.Constant(4097f);
        var cx = x * splitter;
        var xHigh = cx - (cx - x);
        var xLow = x - xHigh;
        var cy = y * splitter;
        var yHigh = cy - (cy - y);
        var yLow = y - yHigh;
        return ((xHigh * yHigh - product) + xHigh * yLow + xLow * yHigh) + xLow * yLow;
    }
}
