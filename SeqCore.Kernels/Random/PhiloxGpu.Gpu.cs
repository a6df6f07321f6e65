using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Random;

/// <summary>Four words of <see cref="Philox"/> in a thread's registers.</summary>
internal readonly struct PhiloxWords(uint x0, uint x1, uint x2, uint x3)
{
    internal readonly uint X0 = x0;
    internal readonly uint X1 = x1;
    internal readonly uint X2 = x2;
    internal readonly uint X3 = x3;

    /// <summary>The words as numbers in [0, 1), converted by <see cref="Philox.ToUniform"/>.</summary>
    internal Float4 Uniform => new(Philox.ToUniform(X0), Philox.ToUniform(X1), Philox.ToUniform(X2), Philox.ToUniform(X3));
}

/// <summary>
/// <see cref="Philox"/> in a GPU's thread: any thread computes any block from its counter alone, so there is no shared state.
/// </summary>
internal static class PhiloxGpu
{
    /// <summary>
    /// Returns the block that <see cref="Philox.Fill"/> writes for a counter: element i of a stream is word i mod 4 of block
    /// counter + i / 4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PhiloxWords Block(ulong seed, ulong counter)
    {
        uint x0 = (uint)counter, x1 = (uint)(counter >> 32), x2 = 0, x3 = 0;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Philox.Rounds; round++)
        {
            // A product of two words extended to 64 bits is one instruction on NVIDIA GPUs, which returns both halves.
            var p0 = (ulong)Philox.Multiplier0 * x0;
            var p1 = (ulong)Philox.Multiplier1 * x2;
            x0 = (uint)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint)p1;
            x2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint)p0;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }

        return new PhiloxWords(x0, x1, x2, x3);
    }
}
