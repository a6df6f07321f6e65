using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>z = f(x, y) over contiguous elements; z may be x or y.</summary>
internal unsafe struct BinaryKernel<TOperation>(TOperation operation) : IRunBody, ISimdKernel
    where TOperation : struct, IBinaryOperation
{
    internal float* X;
    internal float* Y;
    internal float* Z;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        X = operands[0];
        Y = operands[1];
        Z = operands[2];
        Count = count;
        Simd.Run(ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var f = operation;
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
            T.Store(f.Apply(T.Load(X + i), T.Load(Y + i)), Z + i);
        var left = Count - (int)i;
        if (left > 0)
            T.StorePartial(f.Apply(T.LoadPartial(X + i, left), T.LoadPartial(Y + i, left)), Z + i, left);
    }
}

/// <summary>dX = dZ df/dx (or with y) over contiguous elements.</summary>
internal unsafe struct BinaryGradientKernel<TOperation>(TOperation operation, bool ofX) : IRunBody, ISimdKernel
    where TOperation : struct, IBinaryOperation
{
    internal float* X;
    internal float* Y;
    internal float* Z;
    internal float* DZ;
    internal float* Result;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        X = operands[0];
        Y = operands[1];
        Z = operands[2];
        DZ = operands[3];
        Result = operands[4];
        Count = count;
        Simd.Run(ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var f = operation;
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
            T.Store(T.Load(DZ + i) * Slope(f, T.Load(X + i), T.Load(Y + i), T.Load(Z + i)), Result + i);
        var left = Count - (int)i;
        if (left > 0)
        {
            var slope = Slope(f, T.LoadPartial(X + i, left), T.LoadPartial(Y + i, left), T.LoadPartial(Z + i, left));
            T.StorePartial(T.LoadPartial(DZ + i, left) * slope, Result + i, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T Slope<T>(TOperation f, T x, T y, T z) where T : struct, ILane<T> =>
        ofX ? f.DerivativeX(x, y, z) : f.DerivativeY(x, y, z);
}
