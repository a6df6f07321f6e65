using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>y = x where mask is not 0, else z, over contiguous elements; y may be any of the others.</summary>
internal unsafe struct WhereKernel : IRunBody, ISimdKernel
{
    internal float* Mask;
    internal float* X;
    internal float* Z;
    internal float* Y;
    internal int Count;

    public void Invoke(float** operands, int count)
    {
        Mask = operands[0];
        X = operands[1];
        Z = operands[2];
        Y = operands[3];
        Count = count;
        Simd.Run(ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var zero = T.Constant(0f);
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
            T.Store(T.WhereEqual(T.Load(Mask + i), zero, T.Load(Z + i), T.Load(X + i)), Y + i);
        var left = Count - (int)i;
        if (left > 0)
        {
            var y = T.WhereEqual(T.LoadPartial(Mask + i, left), zero, T.LoadPartial(Z + i, left), T.LoadPartial(X + i, left));
            T.StorePartial(y, Y + i, left);
        }
    }
}
