using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>
/// Loops over one row that several kernels share, each written once for every width. Like all loops over vectors they are
/// optimised at once, not after some calls: until then each vector operation would be a call, about twenty times slower.
/// </summary>
internal static unsafe class RowMath
{
    /// <summary>The number of floats in the widest vector.</summary>
    private const int MaxCount = 16;

    // Constant data of the assembly, which never moves.
    private static ReadOnlySpan<float> ZerosAndOnes =>
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>
    /// Returns max_i x_i, and -infinity for an empty row. A NaN is ignored: e^(x - max) and so the row's sum become NaN anyway.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Max<T>(float* x, int length) where T : struct, IVectorLane<T>
    {
        var m0 = T.Constant(float.NegativeInfinity);
        T m1 = m0, m2 = m0, m3 = m0;
        var i = 0;
        for (; i <= length - 4 * T.Count; i += 4 * T.Count)
        {
            m0 = Greater(m0, T.Load(x + i));
            m1 = Greater(m1, T.Load(x + i + T.Count));
            m2 = Greater(m2, T.Load(x + i + 2 * T.Count));
            m3 = Greater(m3, T.Load(x + i + 3 * T.Count));
        }

        for (; i <= length - T.Count; i += T.Count)
            m0 = Greater(m0, T.Load(x + i));
        if (i < length && length >= T.Count)
            m1 = Greater(m1, T.Load(x + length - T.Count));
        var max = T.MaxElement(Greater(Greater(m0, m1), Greater(m2, m3)));
        for (; i < length && length < T.Count; i++)
            max = max < x[i] ? x[i] : max;
        return max;
    }

    /// <summary>z_i = x_i + y_i; z may be either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<T>(float* x, float* y, float* z, int length) where T : struct, IVectorLane<T>
    {
        var i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(T.Load(x + i) + T.Load(y + i), z + i);
        for (; i < length; i++)
            z[i] = x[i] + y[i];
    }

    /// <summary>Returns sum_i x_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Sum<T>(float* x, int length) where T : struct, IVectorLane<T>
    {
        var s0 = T.Constant(0f);
        T s1 = s0, s2 = s0, s3 = s0;
        var i = 0;
        for (; i <= length - 4 * T.Count; i += 4 * T.Count)
        {
            s0 += T.Load(x + i);
            s1 += T.Load(x + i + T.Count);
            s2 += T.Load(x + i + 2 * T.Count);
            s3 += T.Load(x + i + 3 * T.Count);
        }

        for (; i <= length - T.Count; i += T.Count)
            s0 += T.Load(x + i);
        var sum = T.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>Returns sum_i x_i y_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Dot<T>(float* x, float* y, int length) where T : struct, IVectorLane<T>
    {
        var s0 = T.Constant(0f);
        T s1 = s0, s2 = s0, s3 = s0;
        var i = 0;
        for (; i <= length - 4 * T.Count; i += 4 * T.Count)
        {
            s0 = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), s0);
            s1 = T.MultiplyAdd(T.Load(x + i + T.Count), T.Load(y + i + T.Count), s1);
            s2 = T.MultiplyAdd(T.Load(x + i + 2 * T.Count), T.Load(y + i + 2 * T.Count), s2);
            s3 = T.MultiplyAdd(T.Load(x + i + 3 * T.Count), T.Load(y + i + 3 * T.Count), s3);
        }

        for (; i <= length - T.Count; i += T.Count)
            s0 = T.MultiplyAdd(T.Load(x + i), T.Load(y + i), s0);
        var sum = T.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>Returns sum_i e^(x_i - max).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float SumExp<T>(float* x, int length, float max) where T : struct, IVectorLane<T>
    {
        if (length < T.Count)
            return T.Count > Lane128.Count ? SumExp<Lane128>(x, length, max) : SumExpOfFew(x, length, max);

        var m = T.Constant(max);
        var s0 = T.Constant(0f);
        var s1 = s0;
        if (length % T.Count != 0)
            s1 = T.Exp(T.Load(x + length - T.Count) - m) * TailOnly<T>(length % T.Count);
        var i = 0;
        for (; i <= length - 2 * T.Count; i += 2 * T.Count)
        {
            s0 += T.Exp(T.Load(x + i) - m);
            s1 += T.Exp(T.Load(x + i + T.Count) - m);
        }

        if (i <= length - T.Count)
            s0 += T.Exp(T.Load(x + i) - m);
        return T.Sum(s0 + s1);
    }

    /// <summary>Computes y_i = e^(x_i - max) and returns their sum; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float ExpAndSum<T>(float* x, float* y, int length, float max) where T : struct, IVectorLane<T>
    {
        if (length < T.Count)
            return T.Count > Lane128.Count ? ExpAndSum<Lane128>(x, y, length, max) : ExpAndSumOfFew(x, y, length, max);

        // The last vector overlaps the one before where the length is not a multiple. It is read before any is written, since y
        // may be x, and only its new elements are added to the sum.
        var m = T.Constant(max);
        var s0 = T.Constant(0f);
        var s1 = s0;
        var last = s0;
        if (length % T.Count != 0)
        {
            last = T.Exp(T.Load(x + length - T.Count) - m);
            s1 = last * TailOnly<T>(length % T.Count);
        }

        var i = 0;
        for (; i <= length - 2 * T.Count; i += 2 * T.Count)
        {
            var e0 = T.Exp(T.Load(x + i) - m);
            var e1 = T.Exp(T.Load(x + i + T.Count) - m);
            T.Store(e0, y + i);
            T.Store(e1, y + i + T.Count);
            s0 += e0;
            s1 += e1;
        }

        if (i <= length - T.Count)
        {
            var e0 = T.Exp(T.Load(x + i) - m);
            T.Store(e0, y + i);
            s0 += e0;
        }

        if (length % T.Count != 0)
            T.Store(last, y + length - T.Count);
        return T.Sum(s0 + s1);
    }

    /// <summary>Returns whether no element is NaN or infinite: 0 times any other is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool IsFinite<T>(float* x, int length) where T : struct, IVectorLane<T>
    {
        T zero = T.Constant(0f), sum = zero;
        var i = 0;
        for (; i <= length - T.Count; i += T.Count)
            sum = T.MultiplyAdd(T.Load(x + i), zero, sum);
        var rest = T.Sum(sum);
        for (; i < length; i++)
            rest += x[i] * 0f;
        return rest == 0f;
    }

    /// <summary>y_i = a x_i + b; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Affine<T>(float* x, float* y, int length, float a, float b) where T : struct, IVectorLane<T>
    {
        if (length < T.Count)
        {
            for (var j = 0; j < length; j++)
                y[j] = float.MultiplyAddEstimate(x[j], a, b);
            return;
        }

        T va = T.Constant(a), vb = T.Constant(b);
        var last = T.MultiplyAdd(T.Load(x + length - T.Count), va, vb);
        for (var i = 0; i <= length - T.Count; i += T.Count)
            T.Store(T.MultiplyAdd(T.Load(x + i), va, vb), y + i);
        T.Store(last, y + length - T.Count);
    }

    /// <summary>y_i += a x_i</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaled<T>(float* x, float a, float* y, int length) where T : struct, IVectorLane<T>
    {
        var va = T.Constant(a);
        var i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(T.MultiplyAdd(T.Load(x + i), va, T.Load(y + i)), y + i);
        for (; i < length; i++)
            y[i] = float.MultiplyAddEstimate(x[i], a, y[i]);
    }

    private static float SumExpOfFew(float* x, int length, float max)
    {
        var sum = 0f;
        for (var i = 0; i < length; i++)
            sum += LaneScalar.Sum(LaneScalar.Exp(LaneScalar.Constant(x[i] - max)));
        return sum;
    }

    private static float ExpAndSumOfFew(float* x, float* y, int length, float max)
    {
        var sum = 0f;
        for (var i = 0; i < length; i++)
        {
            LaneScalar.Store(LaneScalar.Exp(LaneScalar.Constant(x[i] - max)), y + i);
            sum += y[i];
        }

        return sum;
    }

    /// <summary>Returns a vector with 1 in the last <paramref name="count"/> elements and 0 in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T TailOnly<T>(int count) where T : struct, IVectorLane<T> =>
        T.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(ZerosAndOnes)) + MaxCount - T.Count + count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Greater<T>(T x, T y) where T : struct, IVectorLane<T> => T.WhereLess(x, y, y, x);
}
