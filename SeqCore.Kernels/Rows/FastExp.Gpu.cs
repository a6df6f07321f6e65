using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>An exponential of few instructions, for kernels that compute one for every element they read.</summary>
internal static class FastExp
{
    private const float Log2E = 1.44269504f;
    private const float Log2ERest = 1.92596299e-8f;
    private const float Ln2 = 0.69314718f;

    /// <summary>
    /// Returns e^x = 2^t (1 + r ln 2), where t is x log2(e) rounded and r the rounding error; 2^t is an instruction of the
    /// device, within 2^-22. Relative error 4e-7; for x up to 88. Results below 1.2e-38 may be 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Of(float x)
    {
        var t = x * Log2E;
        var rest = GpuIntrinsics.FusedMultiplyAdd(x, Log2ERest, GpuIntrinsics.FusedMultiplyAdd(x, Log2E, -t));
        var power = GpuIntrinsics.Exp2(t);

        // For x = -infinity the rest is NaN.
        return power == 0f ? 0f : GpuIntrinsics.FusedMultiplyAdd(power, rest * Ln2, power);
    }

    /// <summary>Returns 1 / (1 + e^-x), computed from e^-|x|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sigmoid(float x)
    {
        var e = Of(x < 0f ? x : -x);
        return (x < 0f ? e : 1f) / (1f + e);
    }
}
