using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Gather;

/// <summary>table_(indices_i) += source_i over a range of columns; rows are <c>stride</c> elements apart.</summary>
internal readonly unsafe struct ScatterAddKernel(float* source, int* indices, float* table, int count, int stride, int columns)
    : ISimdKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var i = 0; i < count; i++)
        {
            var from = source + (long)i * stride;
            var to = table + (long)indices[i] * stride;
            var c = 0;
            for (; c <= columns - T.Count; c += T.Count)
                T.Store(T.Load(to + c) + T.Load(from + c), to + c);
            for (; c < columns; c++)
                to[c] += from[c];
        }
    }
}
