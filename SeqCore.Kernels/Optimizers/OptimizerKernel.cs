using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// The update rule of an optimizer for one element, written once for all vector widths. It leaves moments that it does not use
/// unchanged.
/// </summary>
internal interface IOptimizerUpdate
{
    bool UsesFirst { get; }

    bool UsesSecond { get; }

    /// <summary>Updates a parameter and its moments with its gradient.</summary>
    void Update<T>(ref T value, T gradient, ref T first, ref T second) where T : struct, IVectorLane<T>;
}

/// <summary>Applies an update rule to a chunk of one tensor.</summary>
internal readonly unsafe struct OptimizerKernel<TUpdate>(TUpdate update, TensorChunk chunk) : ISimdKernel
    where TUpdate : struct, IOptimizerUpdate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var i = 0;
        for (; i <= chunk.Length - T.Count; i += T.Count)
            Step<T>(i);
        for (; i < chunk.Length; i++)
            Step<LaneScalar>(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<T>(int i) where T : struct, IVectorLane<T>
    {
        var value = T.Load(chunk.Value + i);
        var gradient = T.Load(chunk.Gradient + i);
        T first = default, second = default;
        if (update.UsesFirst)
            first = T.Load(chunk.First + i);
        if (update.UsesSecond)
            second = T.Load(chunk.Second + i);
        update.Update(ref value, gradient, ref first, ref second);
        T.Store(value, chunk.Value + i);
        if (update.UsesFirst)
            T.Store(first, chunk.First + i);
        if (update.UsesSecond)
            T.Store(second, chunk.Second + i);
    }
}
