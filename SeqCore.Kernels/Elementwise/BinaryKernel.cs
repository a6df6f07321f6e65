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
        {
            T x = T.Load(X + i), y = T.Load(Y + i), z = T.Load(Z + i), dZ = T.Load(DZ + i);
            if (ofX)
                T.Store(dZ * f.DerivativeX(x, y, z), DX + i);
            if (ofY)
                T.Store(dZ * f.DerivativeY(x, y, z), DY + i);
        }

        var left = Count - (int)i;
        if (left > 0)
        {
            T x = T.LoadPartial(X + i, left), y = T.LoadPartial(Y + i, left);
            T z = T.LoadPartial(Z + i, left), dZ = T.LoadPartial(DZ + i, left);
            if (ofX)
                T.StorePartial(dZ * f.DerivativeX(x, y, z), DX + i, left);
            if (ofY)
                T.StorePartial(dZ * f.DerivativeY(x, y, z), DY + i, left);
        }
    }
}
