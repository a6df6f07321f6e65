using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels.Random;

// Each 64-bit element of a vector carries one 32-bit word of one block: the widening multiplication reads the low half only, so
// the high half may hold anything until the end. There words 0 and 1 are joined in one 64-bit element, 2 and 3 in another, and
// interleaving the two gives whole blocks. Interleaving takes even elements first, then odd ones, within 128-bit parts, so the
// counters are arranged to match: for 512 bits elements 0 .. 7 run blocks 0 4 1 5 2 6 3 7.
internal static unsafe partial class Philox
{
    /// <summary>Writes 4 <paramref name="blocks"/> uniform numbers in [0, 1); the numbers are the same for every width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FillUniform<T>(ulong seed, ulong counter, float* uniform, int blocks) where T : struct, IVectorLane<T>
    {
        var done = 0;
        if (T.Count == 16 && Avx512F.IsSupported)
        {
            for (; done <= blocks - 8; done += 8)
                Blocks8(seed, counter + (ulong)done, uniform + 4L * done);
        }
        else if (T.Count == 8 && Avx2.IsSupported)
        {
            for (; done <= blocks - 4; done += 4)
                Blocks4(seed, counter + (ulong)done, uniform + 4L * done);
        }
        else if (T.Count == 4 && (Sse2.IsSupported || AdvSimd.IsSupported))
        {
            for (; done <= blocks - 2; done += 2)
                Blocks2(seed, counter + (ulong)done, uniform + 4L * done);
        }

        var words = stackalloc uint[4];
        for (; done < blocks; done++)
        {
            Fill(seed, counter + (ulong)done, words, 1);
            for (var i = 0; i < 4; i++)
                uniform[4L * done + i] = ToUniform(words[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks8(ulong seed, ulong counter, float* uniform)
    {
        var x0 = Vector512.Create(counter) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
        var x1 = x0 >>> 32;
        Vector512<ulong> x2 = default, x3 = default;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            var p0 = Avx512F.Multiply(x0.AsUInt32(), Vector512.Create(Multiplier0));
            var p1 = Avx512F.Multiply(x2.AsUInt32(), Vector512.Create(Multiplier1));
            x0 = (p1 >>> 32) ^ x1 ^ Vector512.Create((ulong)k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ x3 ^ Vector512.Create((ulong)k1);
            x3 = p0;
        }

        var low = Vector512.Create((ulong)uint.MaxValue);
        var x01 = (x0 & low) | (x1 << 32);
        var x23 = (x2 & low) | (x3 << 32);
        Store(Avx512F.UnpackLow(x01, x23), uniform);
        Store(Avx512F.UnpackHigh(x01, x23), uniform + 16);

        static void Store(Vector512<ulong> words, float* to) =>
            (Vector512.ConvertToSingle((words.AsUInt32() >>> 8).AsInt32()) * (1f / (1 << 24))).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks4(ulong seed, ulong counter, float* uniform)
    {
        var x0 = Vector256.Create(counter) + Vector256.Create(0UL, 2, 1, 3);
        var x1 = x0 >>> 32;
        Vector256<ulong> x2 = default, x3 = default;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            var p0 = Avx2.Multiply(x0.AsUInt32(), Vector256.Create(Multiplier0));
            var p1 = Avx2.Multiply(x2.AsUInt32(), Vector256.Create(Multiplier1));
            x0 = (p1 >>> 32) ^ x1 ^ Vector256.Create((ulong)k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ x3 ^ Vector256.Create((ulong)k1);
            x3 = p0;
        }

        var low = Vector256.Create((ulong)uint.MaxValue);
        var x01 = (x0 & low) | (x1 << 32);
        var x23 = (x2 & low) | (x3 << 32);
        Store(Avx2.UnpackLow(x01, x23), uniform);
        Store(Avx2.UnpackHigh(x01, x23), uniform + 8);

        static void Store(Vector256<ulong> words, float* to) =>
            (Vector256.ConvertToSingle((words.AsUInt32() >>> 8).AsInt32()) * (1f / (1 << 24))).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks2(ulong seed, ulong counter, float* uniform)
    {
        var x0 = Vector128.Create(counter) + Vector128.Create(0UL, 1);
        var x1 = x0 >>> 32;
        Vector128<ulong> x2 = default, x3 = default;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            var p0 = Multiply(x0, Multiplier0);
            var p1 = Multiply(x2, Multiplier1);
            x0 = (p1 >>> 32) ^ x1 ^ Vector128.Create((ulong)k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ x3 ^ Vector128.Create((ulong)k1);
            x3 = p0;
        }

        var low = Vector128.Create((ulong)uint.MaxValue);
        var x01 = (x0 & low) | (x1 << 32);
        var x23 = (x2 & low) | (x3 << 32);
        Store(Vector128.Create(x01.GetLower(), x23.GetLower()), uniform);
        Store(Vector128.Create(x01.GetUpper(), x23.GetUpper()), uniform + 4);

        static void Store(Vector128<ulong> words, float* to) =>
            (Vector128.ConvertToSingle((words.AsUInt32() >>> 8).AsInt32()) * (1f / (1 << 24))).Store(to);

        static Vector128<ulong> Multiply(Vector128<ulong> x, uint by) => Sse2.IsSupported
            ? Sse2.Multiply(x.AsUInt32(), Vector128.Create(by))
            : AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(x), Vector64.Create(by));
    }
}
