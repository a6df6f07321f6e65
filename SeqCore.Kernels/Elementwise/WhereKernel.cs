using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Elementwise;

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
        nint i = 0;
        for (; i <= Count - T.Count; i += T.Count)
            Step<T, WholeLane>(i, default);
        if (i < Count)
            Step<T, PartialLane>(i, new(Count - (int)i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Step<T, TAccess>(nint i, TAccess access)
        where T : struct, IVectorLane<T> where TAccess : struct, ILaneAccess
    {
        T mask = access.Load<T>(Mask + i), z = access.Load<T>(Z + i), x = access.Load<T>(X + i);
        access.Store(T.WhereEqual(mask, T.Constant(0f), z, x), Y + i);
    }
}
