using System.Runtime.CompilerServices;
using SeqCore.Kernels.Operations;

namespace SeqCore.Kernels;

/// <summary>y = silu(a) b over a few rows of a and b side by side; with DX, its gradient, and Y is then dY.</summary>
internal unsafe struct SwiGluKernel : IRowKernel
{
    internal float* X;
    internal float* Y;
    internal float* DX;
    internal int Columns;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = FirstRow; r < EndRow; r++)
        {
            float* x = X + 2L * r * Columns, y = Y + (long)r * Columns;
            if (DX == null)
                Row<T>(x, x + Columns, y);
            else
                GradientRow<T>(x, x + Columns, y, DX + 2L * r * Columns, DX + (2L * r + 1) * Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<T>(float* a, float* b, float* y) where T : struct, IVectorLane<T>
    {
        var silu = new SiluOperation();
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
            T.Store(silu.Apply(T.Load(a + i)) * T.Load(b + i), y + i);
        var left = Columns - i;
        if (left > 0)
            T.StorePartial(silu.Apply(T.LoadPartial(a + i, left)) * T.LoadPartial(b + i, left), y + i, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void GradientRow<T>(float* a, float* b, float* dY, float* dA, float* dB) where T : struct, IVectorLane<T>
    {
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
        {
            var silu = Silu(T.Load(a + i), out var slope);
            T d = T.Load(dY + i), value = T.Load(b + i);
            T.Store(d * value * slope, dA + i);
            T.Store(d * silu, dB + i);
        }

        var left = Columns - i;
        if (left > 0)
        {
            var silu = Silu(T.LoadPartial(a + i, left), out var slope);
            T d = T.LoadPartial(dY + i, left), value = T.LoadPartial(b + i, left);
            T.StorePartial(d * value * slope, dA + i, left);
            T.StorePartial(d * silu, dB + i, left);
        }
    }

    /// <summary>As <see cref="SiluOperation"/>, value and derivative from one sigmoid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Silu<T>(T x, out T slope) where T : struct, IVectorLane<T>
    {
        var s = T.Sigmoid(x);
        var limited = T.Max(x, T.Constant(-110f));
        slope = T.MultiplyAdd(T.Min(limited, T.Constant(110f)) * s, T.Constant(1f) - s, s);
        return limited * s;
    }
}
