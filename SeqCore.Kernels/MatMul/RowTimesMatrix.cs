using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// Multiplies one row by a matrix stored by rows: C = sum_k a_k B_k, eight vectors of columns at a time; B is read once.
/// </summary>
internal unsafe struct RowTimesMatrix : IChunks
{
    internal const int ChunkColumns = 128;

    internal Product P;

    public readonly void Invoke(int chunk)
    {
        var columns = new Columns(P, chunk * ChunkColumns, Math.Min(P.N, (chunk + 1) * ChunkColumns));
        Simd.Run(ref columns);
    }

    private readonly struct Columns(Product p, int first, int end) : ISimdKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var epilogue = new Epilogue<T>(p);
            if (p.Beta is not (0f or 1f))
                epilogue.Scale(0, 1, first, end, p.Beta);
            var n = first;
            for (; n + (8 * T.Count) <= end; n += 8 * T.Count)
                Eight<T>(p, n);
            for (; n + T.Count <= end; n += T.Count)
                One<T>(p, n);
            for (; n < end; n++)
                One<LaneScalar>(p, n);
            epilogue.Apply(0, 1, first, end - first);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Eight<T>(in Product p, int n) where T : struct, IVectorLane<T>
        {
            T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            var b = p.B + n;
            for (var k = 0; k < p.K; k++, b += p.BRowStride)
            {
                var a = T.Constant(p.A[k]);
                s0 = T.MultiplyAdd(a, T.Load(b), s0);
                s1 = T.MultiplyAdd(a, T.Load(b + T.Count), s1);
                s2 = T.MultiplyAdd(a, T.Load(b + (2 * T.Count)), s2);
                s3 = T.MultiplyAdd(a, T.Load(b + (3 * T.Count)), s3);
                s4 = T.MultiplyAdd(a, T.Load(b + (4 * T.Count)), s4);
                s5 = T.MultiplyAdd(a, T.Load(b + (5 * T.Count)), s5);
                s6 = T.MultiplyAdd(a, T.Load(b + (6 * T.Count)), s6);
                s7 = T.MultiplyAdd(a, T.Load(b + (7 * T.Count)), s7);
            }

            Put(p, n, s0);
            Put(p, n + T.Count, s1);
            Put(p, n + (2 * T.Count), s2);
            Put(p, n + (3 * T.Count), s3);
            Put(p, n + (4 * T.Count), s4);
            Put(p, n + (5 * T.Count), s5);
            Put(p, n + (6 * T.Count), s6);
            Put(p, n + (7 * T.Count), s7);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void One<T>(in Product p, int n) where T : struct, IVectorLane<T>
        {
            T s = default;
            var b = p.B + n;
            for (var k = 0; k < p.K; k++, b += p.BRowStride)
                s = T.MultiplyAdd(T.Constant(p.A[k]), T.Load(b), s);
            Put(p, n, s);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put<T>(in Product p, int n, T sum) where T : struct, IVectorLane<T>
        {
            var x = sum * T.Constant(p.Alpha);
            T.Store(p.Beta == 0f ? x : x + T.Load(p.C + n), p.C + n);
        }
    }
}
