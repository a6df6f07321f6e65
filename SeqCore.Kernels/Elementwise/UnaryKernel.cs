using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>y = f(x) over contiguous elements; y may be x.</summary>
internal unsafe struct UnaryKernel<TOperation>(TOperation operation) : IRunBody, ISimdKernel
    where TOperation : struct, IUnaryOperation
{
    internal float* X;
    internal float* Y;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        X = operands[0];
        Y = operands[1];
        Count = count;
        Simd.Run(ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var f = operation;
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
            T.Store(f.Apply(T.Load(X + i)), Y + i);
        var left = Count - (int)i;
        if (left > 0)
            T.StorePartial(f.Apply(T.LoadPartial(X + i, left)), Y + i, left);
    }
}

/// <summary>dX = dY f'(x), or dX += dY f'(x), over contiguous elements; dX may be any of the others.</summary>
internal unsafe struct UnaryGradientKernel<TOperation>(TOperation operation, bool accumulate) : IRunBody, ISimdKernel
    where TOperation : struct, IUnaryOperation
{
    internal float* X;
    internal float* Y;
    internal float* DY;
    internal float* DX;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        X = operands[0];
        Y = operands[1];
        DY = operands[2];
        DX = operands[3];
        Count = count;
        Simd.Run(ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var f = operation;
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
        {
            var slope = f.Derivative(T.Load(X + i), T.Load(Y + i));
            var gradient = T.Load(DY + i);
            T.Store(accumulate ? T.MultiplyAdd(gradient, slope, T.Load(DX + i)) : gradient * slope, DX + i);
        }

        var left = Count - (int)i;
        if (left > 0)
        {
            var slope = f.Derivative(T.LoadPartial(X + i, left), T.LoadPartial(Y + i, left));
            var gradient = T.LoadPartial(DY + i, left);
            T.StorePartial(accumulate ? T.MultiplyAdd(gradient, slope, T.LoadPartial(DX + i, left)) : gradient * slope,
                DX + i, left);
        }
    }
}
