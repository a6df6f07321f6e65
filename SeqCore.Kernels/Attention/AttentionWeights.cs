using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SeqCore.Kernels.Attention;

/// <summary>Loops over a row of attention weights.</summary>
internal static unsafe class AttentionWeights
{
    // Constant data of the assembly, which never moves.
    private static ReadOnlySpan<float> Indices => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>x_j = cap tanh(x_j / cap), and slopes_j = 1 - tanh(x_j / cap)^2 unless slopes is null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Cap<T>(float* x, int count, float cap, float* slopes) where T : struct, IVectorLane<T>
    {
        var j = 0;
        for (; j <= count - T.Count; j += T.Count)
            Cap<T, WholeLane>(x + j, cap, slopes == null ? null : slopes + j, default);
        if (j < count)
            Cap<T, PartialLane>(x + j, cap, slopes == null ? null : slopes + j, new(count - j));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Cap<T, TAccess>(float* x, float cap, float* slopes, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess
    {
        T c = T.Constant(cap), t = T.Tanh(access.Load<T>(x) / c);
        access.Store(c * t, x);
        if (slopes != null)
            access.Store(T.Constant(1f) - (t * t), slopes);
    }

    /// <summary>d_j = d_j slope_j, but 0 where d_j is 0, even if slope_j is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Chain<T>(float* d, float* slopes, int count) where T : struct, IVectorLane<T>
    {
        var zero = T.Constant(0f);
        var j = 0;
        for (; j <= count - T.Count; j += T.Count)
        {
            var gradient = T.Load(d + j);
            T.Store(T.WhereEqual(gradient, zero, zero, gradient * T.Load(slopes + j)), d + j);
        }

        for (; j < count; j++)
            d[j] = d[j] == 0f ? 0f : d[j] * slopes[j];
    }

    /// <summary>x_j = x_j - slope |position - j|</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SubtractDistances<T>(float* x, int count, float slope, float position) where T : struct, IVectorLane<T>
    {
        T vSlope = T.Constant(-slope), step = T.Constant(T.Count);
        var distance = T.Constant(position) - T.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Indices)));
        var j = 0;
        for (; j <= count - T.Count; j += T.Count)
        {
            T.Store(T.MultiplyAdd(T.Abs(distance), vSlope, T.Load(x + j)), x + j);
            distance -= step;
        }

        for (; j < count; j++)
            x[j] = float.MultiplyAddEstimate(MathF.Abs(position - j), -slope, x[j]);
    }

    /// <summary>
    /// Whether scores none of which is above minus infinity are all minus infinity: NaN, which a maximum passes over, must not
    /// look as if a mask had hidden it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool AreHidden<T>(float* x, int count) where T : struct, IVectorLane<T> =>
        !float.IsNaN(RowMath.Sum<T>(x, count));

    /// <summary>x_j = x_j / (1 - p) where uniform_j >= p, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Drop<T>(float* x, int count, float* uniform, float probability) where T : struct, IVectorLane<T>
    {
        T p = T.Constant(probability), scale = T.Constant(1f / (1f - probability)), zero = T.Constant(0f);
        var j = 0;
        for (; j <= count - T.Count; j += T.Count)
            T.Store(T.WhereLess(T.Load(uniform + j), p, zero, T.Load(x + j) * scale), x + j);
        for (; j < count; j++)
            x[j] = uniform[j] < probability ? 0f : x[j] * (1f / (1f - probability));
    }

    /// <summary>d_j = w_j (d_j - delta): the softmax's gradient; 0 where w_j is, whatever d_j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gradient<T>(float* w, float* d, int count, float delta) where T : struct, IVectorLane<T>
    {
        T vDelta = T.Constant(delta), zero = T.Constant(0f);
        var j = 0;
        for (; j <= count - T.Count; j += T.Count)
        {
            var weight = T.Load(w + j);
            T.Store(T.WhereEqual(weight, zero, zero, weight * (T.Load(d + j) - vDelta)), d + j);
        }

        for (; j < count; j++)
            d[j] = w[j] == 0f ? 0f : w[j] * (d[j] - delta);
    }
}
