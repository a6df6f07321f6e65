using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>total_i += x_i</summary>
internal readonly unsafe struct AddRowKernel(float* x, float* total, int length) : ISimdKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(T.Load(total + i) + T.Load(x + i), total + i);
        for (; i < length; i++)
            total[i] += x[i];
    }
}
