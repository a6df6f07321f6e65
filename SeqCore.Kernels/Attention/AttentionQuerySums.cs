using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>dQ as the sum of the parts that the ranges of keys gave, in their order; a chunk is one head.</summary>
internal readonly unsafe struct AttentionQuerySums(AttentionArguments a, HeadsPointer first, nint distance, int parts,
    HeadsPointer sum) : IChunks
{
    public void Invoke(int chunk)
    {
        int b = chunk / a.HeadCount, n = chunk % a.HeadCount;
        var rows = new RowSums(first.Head(b, n), first.StepStride, distance, parts, sum.Head(b, n), sum.StepStride,
            a.QueryLength, a.HeadSize);
        Simd.Run(ref rows);
    }

    private readonly struct RowSums(float* from, nint fromStride, nint distance, int parts, float* to, nint toStride, int rows,
        int size) : ISimdKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            for (var i = 0; i < rows; i++)
            {
                float* row = to + (i * toStride), x = from + (i * fromStride);
                RowMath.Affine<T>(x, row, size, 1f, 0f);
                for (var part = 1; part < parts; part++)
                    new AddRowKernel(x + (part * distance), row, size).Invoke<T>();
            }
        }
    }
}
