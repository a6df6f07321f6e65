using System.Runtime.CompilerServices;
using SeqCore.Kernels.Operations;

namespace SeqCore.Kernels.SwiGlu;

/// <summary>y = silu(a) b over a few rows of a and b side by side; with DX, its gradient, where Y is dY.</summary>
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
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
            Step<T, WholeLane>(a + i, b + i, y + i, default);
        if (i < Columns)
            Step<T, PartialLane>(a + i, b + i, y + i, new(Columns - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void GradientRow<T>(float* a, float* b, float* dY, float* dA, float* dB) where T : struct, IVectorLane<T>
    {
        var i = 0;
        for (; i <= Columns - T.Count; i += T.Count)
            GradientStep<T, WholeLane>(a + i, b + i, dY + i, dA + i, dB + i, default);
        if (i < Columns)
            GradientStep<T, PartialLane>(a + i, b + i, dY + i, dA + i, dB + i, new(Columns - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TAccess>(float* a, float* b, float* y, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess =>
        access.Store(new SiluOperation().Apply(access.Load<T>(a)) * access.Load<T>(b), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientStep<T, TAccess>(float* a, float* b, float* dY, float* dA, float* dB, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess
    {
        var x = access.Load<T>(a);
        var silu = SiluOperation.Of(x, T.Sigmoid(x), out var slope);
        T d = access.Load<T>(dY), value = access.Load<T>(b);
        access.Store(d * value * slope, dA);
        access.Store(d * silu, dB);
    }
}
