using System.Numerics;

namespace SeqCore.Kernels;

/// <summary>
/// Divides by a number that is known at the launch, with a multiplication and a shift, because GPUs have no instruction that
/// divides integers (T. Granlund and P. L. Montgomery, "Division by invariant integers using multiplication", 1994).
/// </summary>
internal readonly struct GpuDivisor
{
    private readonly uint magic;
    private readonly int shift;

    /// <summary>Makes a divisor from 1 to 2^31 - 1.</summary>
    internal GpuDivisor(int divisor)
    {
        // With s = ceil(log2 d) and m = floor(2^32 (2^s - d) / d) + 1: n / d = (floor(m n / 2^32) + n) / 2^s for n below 2^31.
        Divisor = divisor;
        shift = divisor == 1 ? 0 : BitOperations.Log2((uint)(divisor - 1)) + 1;
        magic = (uint)((((1UL << shift) - (uint)divisor) << 32) / (uint)divisor + 1);
    }

    /// <summary>The number to divide by.</summary>
    internal int Divisor { get; }

    /// <summary>Returns n / divisor, rounded down, for n from 0.</summary>
    internal readonly int Quotient(int n) => (int)((uint)(((ulong)magic * (uint)n) >> 32) + (uint)n >> shift);
}
