using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Elementwise;

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
            Step<T, WholeLane>(f, i, default);
        if (i < Count)
            Step<T, PartialLane>(f, i, new(Count - (int)i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<T, TAccess>(TOperation f, nint i, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess =>
        access.Store(f.Apply(access.Load<T>(X + i), access.Load<T>(Y + i)), Z + i);
}

/// <summary>dX = dZ df/dx and dY = dZ df/dy over contiguous elements, either of which may be left out.</summary>
internal unsafe struct BinaryGradientKernel<TOperation>(TOperation operation, bool ofX, bool ofY) : IRunBody, ISimdKernel
    where TOperation : struct, IBinaryOperation
{
    internal float* X;
    internal float* Y;
    internal float* Z;
    internal float* DZ;
    internal float* DX;
    internal float* DY;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        X = operands[0];
        Y = operands[1];
        Z = operands[2];
        DZ = operands[3];
        DX = operands[4];
        DY = operands[ofX ? 5 : 4];
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
        T x = access.Load<T>(X + i), y = access.Load<T>(Y + i), z = access.Load<T>(Z + i), dZ = access.Load<T>(DZ + i);
        if (ofX)
            access.Store(dZ * f.DerivativeX(x, y, z), DX + i);
        if (ofY)
            access.Store(dZ * f.DerivativeY(x, y, z), DY + i);
    }
}
