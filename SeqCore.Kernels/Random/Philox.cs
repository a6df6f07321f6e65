using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Random;

/// <summary>
/// Philox 4x32-10, a bijection of 128-bit counters under a 64-bit key (Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
/// as easy as 1, 2, 3", SC 2011). Each of ten rounds maps (x0, x1, x2, x3) to (hi(M1 x2) ^ x1 ^ k0, lo(M1 x2), hi(M0 x0) ^ x3 ^
/// k1, lo(M0 x0)) and then adds W0, W1 to the key.
/// </summary>
internal static unsafe partial class Philox
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>Writes one block of four words for any counter and key, as defined.</summary>
    internal static void Block(uint x0, uint x1, uint x2, uint x3, uint k0, uint k1, uint* words)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var p0 = (ulong)Multiplier0 * x0;
            var p1 = (ulong)Multiplier1 * x2;
            x0 = (uint)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint)p1;
            x2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint)p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        words[0] = x0;
        words[1] = x1;
        words[2] = x2;
        words[3] = x3;
    }

    /// <summary>
    /// Writes blocks counter, counter + 1, ...: the counter is words 0 and 1 of Philox's input, low half first, words 2 and 3
    /// are 0, and the seed's low and high halves are the key.
    /// </summary>
    internal static void Fill(ulong seed, ulong counter, uint* words, int blocks)
    {
        for (var b = 0; b < blocks; b++, counter++)
            Block((uint)counter, (uint)(counter >> 32), 0, 0, (uint)seed, (uint)(seed >> 32), words + 4L * b);
    }

    /// <summary>
    /// Converts the top 24 bits of a word to a number in [0, 1): every value is a float, and 1 is never reached. (An int, since
    /// C# converts a uint to float through double.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float ToUniform(uint word) => (int)(word >> 8) * (1f / (1 << 24));
}
