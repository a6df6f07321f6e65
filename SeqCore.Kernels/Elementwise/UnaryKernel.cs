using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Elementwise;

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
            Step<T, WholeLane>(f, i, default);
        if (i < Count)
            Step<T, PartialLane>(f, i, new(Count - (int)i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<T, TAccess>(TOperation f, nint i, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess =>
        access.Store(f.Apply(access.Load<T>(X + i)), Y + i);
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
            Step<T, WholeLane>(f, i, default);
        if (i < Count)
            Step<T, PartialLane>(f, i, new(Count - (int)i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<T, TAccess>(TOperation f, nint i, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess
    {
        var slope = f.Derivative(access.Load<T>(X + i), access.Load<T>(Y + i));
        var gradient = access.Load<T>(DY + i);
        access.Store(accumulate ? T.MultiplyAdd(gradient, slope, access.Load<T>(DX + i)) : gradient * slope, DX + i);
    }
}
