using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>Reads and writes lanes in a loop, so that its body is written once for whole vectors and for the tail.</summary>
internal unsafe interface ILaneAccess
{
    /// <summary>Reads a lane.</summary>
    T Load<T>(float* from) where T : struct, IVectorLane<T>;

    /// <summary>Writes a lane.</summary>
    void Store<T>(T x, float* to) where T : struct, IVectorLane<T>;
}

/// <summary>Accesses all elements of a lane.</summary>
internal readonly unsafe struct WholeLane : ILaneAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Load<T>(float* from) where T : struct, IVectorLane<T> => T.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T x, float* to) where T : struct, IVectorLane<T> => T.Store(x, to);
}

/// <summary>Accesses the first elements of a lane, fewer than it has.</summary>
internal readonly unsafe struct PartialLane(int count) : ILaneAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Load<T>(float* from) where T : struct, IVectorLane<T> => T.LoadPartial(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T x, float* to) where T : struct, IVectorLane<T> => T.StorePartial(x, to, count);
}
