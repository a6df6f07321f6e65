using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Random;

internal enum RandomKind
{
    Uniform,
    Normal,
    Dropout,
}

/// <summary>
/// Converts words of a random stream to numbers, a few hundred at a time, so that the words stay in the L1 cache.
/// </summary>
internal readonly unsafe struct RandomKernel(RandomKind kind, float* source, float* destination, int length, RandomStream stream,
    float a, float b) : ISimdKernel
{
    /// <summary>The number of elements of a chunk, a whole number of blocks.</summary>
    internal const int ChunkLength = 16384;

    private const int PieceLength = 512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var uniform = stackalloc float[PieceLength];
        for (var first = 0; first < length; first += PieceLength)
        {
            var count = Math.Min(PieceLength, length - first);
            Philox.FillUniform<T>(stream.Seed, stream.Counter + (ulong)first / 4, uniform, (count + 3) / 4);
            switch (kind)
            {
                case RandomKind.Uniform:
                    Uniform<T>(uniform, destination + first, count);
                    break;
                case RandomKind.Normal:
                    Normal<T>(uniform, destination + first, count);
                    break;
                default:
                    Dropout<T>(uniform, source + first, destination + first, count);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Uniform<T>(float* uniform, float* y, int count) where T : struct, IVectorLane<T>
    {
        // Rounding may raise the largest numbers to the excluded end.
        float range = b - a, last = a < b ? MathF.BitDecrement(b) : b;
        T vRange = T.Constant(range), vLow = T.Constant(a), vLast = T.Constant(last);
        var i = 0;
        for (; i <= count - T.Count; i += T.Count)
            T.Store(T.Min(T.Load(uniform + i) * vRange + vLow, vLast), y + i);
        for (; i < count; i++)
            y[i] = MathF.Min(uniform[i] * range + a, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dropout<T>(float* uniform, float* x, float* y, int count) where T : struct, IVectorLane<T>
    {
        T p = T.Constant(a), scale = T.Constant(b), zero = T.Constant(0f);
        var i = 0;
        for (; i <= count - T.Count; i += T.Count)
            T.Store(T.WhereLess(T.Load(uniform + i), p, zero, T.Load(x + i) * scale), y + i);
        for (; i < count; i++)
            y[i] = uniform[i] < a ? 0f : x[i] * b;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normal<T>(float* uniform, float* y, int count) where T : struct, IVectorLane<T>
    {
        const int Half = PieceLength / 2;
        var radius = stackalloc float[Half];
        var turn = stackalloc float[Half];
        var pairs = (count + 1) / 2;
        for (var i = 0; i < pairs; i++)
        {
            radius[i] = 1f - uniform[2 * i];
            turn[i] = uniform[2 * i + 1];
        }

        var at = 0;
        for (; at <= pairs - T.Count; at += T.Count)
            BoxMuller.Transform<T>(radius + at, turn + at);
        for (; at < pairs; at++)
            BoxMuller.Transform<LaneScalar>(radius + at, turn + at);
        for (var i = 0; i < count; i++)
            y[i] = ((i & 1) == 0 ? radius : turn)[i >> 1] * b + a;
    }
}

/// <summary>The transform of Box and Muller, "A note on the generation of random normal deviates" (1958).</summary>
internal static unsafe class BoxMuller
{
    /// <summary>
    /// Replaces u in (0, 1] and v in [0, 1) by sqrt(-2 ln u) cos(2 pi v) and sqrt(-2 ln u) sin(2 pi v), one vector of each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transform<T>(float* u, float* v) where T : struct, IVectorLane<T>
    {
        var r = T.Sqrt(T.Constant(-2f) * T.Log(T.Load(u)));
        SinCosTurns(T.Load(v), out var sin, out var cos);
        T.Store(r * cos, u);
        T.Store(r * sin, v);
    }

    /// <summary>sin and cos of 2 pi v for v in [0, 1], within 2^-22 absolute.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SinCosTurns<T>(T v, out T sin, out T cos) where T : struct, IVectorLane<T>
    {
        // 4 v = quarter + f with |f| <= 1/2, exactly; the Taylor series of sin and cos then take x = f pi/2 in [-pi/4, pi/4].
        var quarters = v * T.Constant(4f);
        var quarter = T.Round(quarters);
        var x = (quarters - quarter) * T.Constant(MathF.PI / 2);
        var x2 = x * x;
        var s = T.MultiplyAdd(x2, T.Constant(1f / 362880), T.Constant(-1f / 5040));
        s = T.MultiplyAdd(s, x2, T.Constant(1f / 120));
        s = T.MultiplyAdd(s, x2, T.Constant(-1f / 6));
        s = T.MultiplyAdd(s * x2, x, x);
        var c = T.MultiplyAdd(x2, T.Constant(-1f / 3628800), T.Constant(1f / 40320));
        c = T.MultiplyAdd(c, x2, T.Constant(-1f / 720));
        c = T.MultiplyAdd(c, x2, T.Constant(1f / 24));
        c = T.MultiplyAdd(c, x2, T.Constant(-1f / 2));
        c = T.MultiplyAdd(c, x2, T.Constant(1f));

        // Quarter turns 0, 1, 2, 3 (and 4, which is 0): (cos, sin) = (c, s), (-s, c), (-c, -s), (s, -c).
        T one = T.Constant(1f), two = T.Constant(2f), three = T.Constant(3f);
        cos = T.WhereEqual(quarter, one, -s, T.WhereEqual(quarter, two, -c, T.WhereEqual(quarter, three, s, c)));
        sin = T.WhereEqual(quarter, one, c, T.WhereEqual(quarter, two, -s, T.WhereEqual(quarter, three, -c, s)));
    }
}
